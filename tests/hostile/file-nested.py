# tries: JSON nested a million deep
# file: nested
# worth: all 0 missing
