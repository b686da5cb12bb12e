# tries: a hundred thousand cells, of which a few hundred are kept
# handling: many cells
