"""Submissions in from Canvas and Moodle, grades out to them. Each module says which shapes it reads and writes."""
