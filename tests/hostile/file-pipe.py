# tries: the notebook is a named pipe, which nobody writes to
# file: pipe
# worth: all 0 missing
