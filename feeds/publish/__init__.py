"""Makes the document for an address and a moment. Whatever goes out, over HTTP or into files, is made here."""

from feeds.publish.router import Router

__all__ = ["Router"]
