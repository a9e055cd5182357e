"""Lets a worker that is told to stop answer the requests it has accepted, whenever the signal comes."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterable
from threading import Event, Thread
from time import sleep
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

DRAINING = 0.5
"""Seconds in which clients that are connected already can still send a request."""

_draining = Event()


def end_new_processes_when_told() -> None:
    """Makes every process that is forked from now on end at SIGTERM, until it sets a handler of its own.

    Otherwise it would inherit this process's handler, which has no effect there, and would go on.
    """
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_end_when_told)


def _hold() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _release() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _end_when_told() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _release()


def stop_in_order(listener: int | None) -> None:
    """Makes this process accept no more connections at SIGTERM, and then call the signal's handler after `DRAINING`.

    The main thread must call this before there are other threads. ``listener`` is the number of the listening socket.

    The pause is for clients that are connected but have not sent a request yet: the server would drop them. Meanwhile
    `saying_when_it_closes` tells clients that their connections close. A thread waits for the signal, because Python
    handles signals in the main thread only, and would miss one that comes just before that thread falls asleep.
    """
    _hold()
    Thread(target=_stop_in_order, args=(listener,), name="feeds-signals", daemon=True).start()


def _stop_in_order(listener: int | None) -> None:
    signal.sigwait({signal.SIGTERM})
    handler = signal.getsignal(signal.SIGTERM)
    if not callable(handler):  # the server does not listen yet
        os._exit(0)
    if listener is not None:
        _draining.set()
        _accept_no_more(listener)
        sleep(DRAINING)
    handler(signal.SIGTERM, None)


def _accept_no_more(listener: int) -> None:
    """Replaces this process's listening socket, which other workers share, by one to which nobody connects."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nobody.listen(1)
        nobody.setblocking(False)
        os.dup2(nobody.fileno(), listener)


def saying_when_it_closes(app: WSGIApplication) -> WSGIApplication:
    """A WSGI application that answers as ``app`` does, and says while this process stops that connections close.

    Otherwise a client could send its next request just when the server closes the connection.
    """

    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _draining.is_set():
            return app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *error)

        return app(environ, start)

    return served
