# tries: cells that are lists, numbers, or of an unknown kind
# handling: wrong cells
# worth: all 0 missing: cannot be read
