"""Writes and reads the lines of the access log, and tells from them who polls the feeds."""
