# tries: an archive of fifty thousand files
# file: zip of many
# worth: all 0 missing
