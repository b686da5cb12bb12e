"""What runs inside the sandbox. This folder alone is shown there: nothing here imports the rest of the package."""
