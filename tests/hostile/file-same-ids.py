# tries: every cell has the same id
# handling: same ids
