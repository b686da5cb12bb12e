# tries: a time of more digits than there is a number for
# file: timestamp digits
