# tries: clumsy, not hostile: a copy of the untouched stub below the answers
# handling: duplicated answer cell
