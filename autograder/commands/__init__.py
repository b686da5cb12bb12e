"""The commands, one module each; `cli` puts them together. Heavy imports wait until a command runs."""
