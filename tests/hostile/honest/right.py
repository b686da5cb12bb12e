# tries: nothing: right answers
