# tries: Markdown that takes minutes to read, as words and as own cells
# handling: emphasis
