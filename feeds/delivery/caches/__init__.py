"""Tells caches and CDNs in front of the newsroom which answers have changed.

Pending purges are kept in the memory's outbox, so that none is lost. Of several processes, one sends.
"""

from feeds.delivery.caches.worker import Purger, purge_trouble

__all__ = ["Purger", "purge_trouble"]
