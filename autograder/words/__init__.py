"""All answers to one question in words on a page, beside its rubric. What a person gives is saved at once."""
