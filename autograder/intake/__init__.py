"""What came in: which file it is, read within bounds, recognised by its cells."""
