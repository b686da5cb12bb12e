"""Many submissions: found, graded on all cores or machines, recorded."""
