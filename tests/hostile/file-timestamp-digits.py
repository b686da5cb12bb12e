# tries: a time of so many digits that its parser raises what nobody expects
# file: timestamp digits
