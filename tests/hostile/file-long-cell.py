# tries: an answer cell of ten megabytes
# handling: long cell
# worth: global_average_pool 0 limit|timeout
