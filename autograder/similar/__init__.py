"""Answers that are alike, pair by pair: what a person should read side by side. It proves nothing."""
