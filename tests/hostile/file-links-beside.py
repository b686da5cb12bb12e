# tries: links beside the notebook: to the gradebook, the solutions, the other submissions, the root, in a circle
# file: links beside
