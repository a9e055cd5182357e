"""An address and a moment to a document. The waist: whatever goes out, over HTTP or into files, passes here."""

from feeds.publish.router import Desk

__all__ = ["Desk"]
