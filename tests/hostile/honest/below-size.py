# tries: nothing: a notebook of just the size that notebooks may have
# file: below size
