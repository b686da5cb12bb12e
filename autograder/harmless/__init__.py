"""What students wrote and printed, cleaned once, where it is recorded."""
