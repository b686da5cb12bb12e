# tries: the notebook is a link to the instructor's solutions
# file: link
# worth: all 0 missing: link
