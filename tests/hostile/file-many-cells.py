# tries: a hundred thousand cells
# handling: many cells
# worth: all 0 missing: at most 10,000 are read
