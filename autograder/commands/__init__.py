"""The commands, one module for each; `cli` puts them together. Heavy imports wait until a command runs."""
