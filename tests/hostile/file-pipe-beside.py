# tries: a named pipe beside the notebook, where a copy of the folder would wait for ever
# file: pipe beside
