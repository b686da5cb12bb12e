"""What is kept of a grading: the ledger, the gradebook, the files beside it."""
