"""Publishes a newsroom: from a folder of press releases in YAML, feeds and pages for its readers."""

NAME = "newsroom-feeds"
__version__ = "1.0.0"
