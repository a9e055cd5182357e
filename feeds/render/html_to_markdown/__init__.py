"""Turns HTML into Markdown of which our renderer shows the same words."""

from feeds.render.html_to_markdown.converter import Converted, destination, html_to_markdown, text_of
from feeds.render.html_to_markdown.kept_html import names
from feeds.render.html_to_markdown.text import cleaned, escaped, plain_paragraphs

__all__ = ["Converted", "cleaned", "destination", "escaped", "html_to_markdown", "names", "plain_paragraphs", "text_of"]
