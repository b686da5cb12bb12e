# tries: an archive, named as a notebook, that unpacks to gigabytes
# file: zip of gigabytes
# worth: all 0 missing: MB
