"""A newsroom through a whole year, and under constant load."""
