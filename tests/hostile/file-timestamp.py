# tries: a timestamp that is no date, very long, and beyond all dates
# file: timestamp
