"""Runs the commands of the command line, one module for each."""

from feeds.cli.main import main

__all__ = ["main"]
