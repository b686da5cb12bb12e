# tries: a sparse file beside the notebook: nothing where it lies, 64 GB where it is copied to
# file: sparse beside
