"""The command line: one module a command; each parses, calls, prints."""

from feeds.cli.main import main

__all__ = ["main"]
