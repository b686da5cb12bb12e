"""From a returned notebook to the one that runs: every piece of the student's, every given cell and test put back."""
