# tries: twenty thousand files beside the notebook
# file: many beside
