"""The newsroom over HTTP: the Flask application, the hot path before it, and the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.web.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> object:
    """The application, imported when it is asked for: those who read the access log need no Flask."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from feeds.web.app import create_app

    return create_app
