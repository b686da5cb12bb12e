# tries: answers without their marks among 8,000 cells of code, so that looking for them takes minutes
# handling: many definitions
