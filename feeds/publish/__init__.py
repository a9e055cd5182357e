"""Makes the document for an address at a moment, with the header fields that it is sent with."""

from feeds.publish.router import Router

__all__ = ["Router"]
