"""Tells the newsroom's WebSub hub which feeds have changed.

Pending notifications are kept in the memory's outbox, so that none is lost. Of several processes, one sends.
"""

from feeds.delivery.websub.worker import Pusher

__all__ = ["Pusher"]
