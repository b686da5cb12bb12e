# tries: a file of ten gigabytes, without contents
# file: huge
# worth: all 0 missing: MB
