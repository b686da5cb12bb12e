"""The sandbox: a process that has imported everything, in bubblewrap, forks a confined kernel for each submission."""
