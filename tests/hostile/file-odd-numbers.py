# tries: versions and counts beyond reason, and a key given twice
# handling: odd numbers
# worth: all 0 missing
