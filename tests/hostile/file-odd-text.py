# tries: cells with half of a surrogate pair, NUL, control characters, and an end of the page's markup
# handling: odd text
