# tries: the notebook lies in an archive under a name that leads out of it; no name in there leads anywhere
# file: zip with a path
