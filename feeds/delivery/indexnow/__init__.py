"""Tells search engines which releases are new or have changed (IndexNow).

Pending pages are kept in the memory's outbox, so that none is lost. Of several processes, one sends.
"""

from feeds.delivery.indexnow.worker import Indexer

__all__ = ["Indexer"]
