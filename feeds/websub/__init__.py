"""What changed -> the WebSub hub, from a durable outbox. One process sends; the hub's word is all that is sent."""

from feeds.websub.worker import Pusher

__all__ = ["Pusher"]
