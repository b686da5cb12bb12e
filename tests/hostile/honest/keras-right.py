# tries: nothing: right answers
# notebook: 01_squeeze_excitation
