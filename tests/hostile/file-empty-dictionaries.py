# tries: five million empty dictionaries in the metadata, which took gigabytes
# handling: empty dictionaries
# worth: all 0 missing: too many parts
