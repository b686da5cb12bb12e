# tries: an archive that unpacks to two hundred times its size
# file: zip of spaces
# worth: all 0 missing: times its size
