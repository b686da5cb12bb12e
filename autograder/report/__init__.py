"""A graded class on one page: what is in ledger and gradebook, its statistics, the page made of them."""
