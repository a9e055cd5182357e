"""Makes the document for an address at a moment."""

from feeds.publish.router import Router

__all__ = ["Router"]
