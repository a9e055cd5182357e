"""Feeds by words: what is found, what is never found, and how it is asked."""
