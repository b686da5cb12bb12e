"""A graded class on one page: what stands in ledger and gradebook, its statistics, the page made of them."""
