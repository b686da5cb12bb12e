# tries: nothing: the notebook in an archive that unpacks to two thirds of what it may
# file: below ratio
