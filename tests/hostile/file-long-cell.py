# tries: an answer cell of eight megabytes, most of it comments
# handling: long cell
# worth: global_average_pool 3 pass or 0 limit|timeout
