# tries: a timestamp that is a named pipe, which nobody writes to
# file: timestamp pipe
