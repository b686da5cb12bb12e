"""One's own progress through the course: what the judge said so far, kept for oneself and shown on one page.

`store` keeps it, `overview` puts it together with the notebooks as they stand, `render` shows it.
"""
