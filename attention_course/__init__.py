"""The course on channel and spatial attention: its layers, its right answers in NumPy, its exercises."""
