# tries: an archive whose directory claims another size than what unpacks
# file: lying zip
# worth: all 0 missing
