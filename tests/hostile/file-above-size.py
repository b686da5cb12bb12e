# tries: a notebook one byte larger than notebooks may be
# file: above size
# worth: all 0 missing: MB
