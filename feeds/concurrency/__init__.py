"""Runs threads that no error ends, and processes of our own that share work."""
