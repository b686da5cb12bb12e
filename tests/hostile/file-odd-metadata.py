# tries: metadata of every wrong form: lists, numbers, ids that are paths, a grade_id of a megabyte
# handling: odd metadata
