# tries: a timestamp at the end of all dates
# file: timestamp far
