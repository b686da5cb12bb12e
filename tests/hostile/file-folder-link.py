# tries: the notebook's folder is a link to another student's
# file: folder link
# worth: all 0 missing
