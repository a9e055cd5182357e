"""The production server: a main process and its workers, which end together. The only module that knows granian."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
from functools import partial
from importlib import import_module
from multiprocessing import cpu_count, parent_process
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from feeds.errors import FeedsError
from feeds.web.access_log import logging_config
from feeds.web.streams import STREAMS

# All numbers here were measured on two cores with wrk and 32 connections. With responses of 44 kB that are ready,
# granian's WSGI makes 50,000 a second and its RSGI 41,000, since there each request passes through Python's event loop.
_INTERFACE = Interfaces.WSGI

# A few threads answer as fast as one (1: 52,000, 4: 54,000, 8: 56,000, 32: 49,000 a second), and the others are free
# while one makes a page that was not kept. A slow client occupies none of them: the Rust side sends the bodies. Only
# large files go out in pieces, and hold a thread each.
_THREADS = min(8, 2 * cpu_count()) + STREAMS

# Octets of a request head, and of a response that waits for a slow reader. A GET needs no more than this.
_BUFFER = 64 * 1024

# Granian's backpressure counts connections, not requests: at this number it accepts no more until one ends. So it
# must be far more than there are slow clients, and no more than the files that a process may open.
_CONNECTIONS = 8_192
_BACKLOG = 2_048
_SPARE_FILES = 256

_KILL_AFTER = 10  # seconds a worker may take to finish its answers when the server stops

_log = logging.getLogger("feeds")


def serve(
    target: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int | None = None,
    factory: bool = True,
    head_seconds: int = 10,
    log_level: str = "warning",
    log: str = "off",
    on_terminal: bool = False,
) -> None:
    """Serve the WSGI application that ``target`` names (``module:name``) until a signal says stop.

    ``factory`` says that the name is to be called for the application, once in each worker. ``workers`` defaults to
    one for each core. A client has ``head_seconds`` to send the head of its request, and as long between two
    requests, before it is dropped. A worker that dies is replaced; two deaths within seconds end the server with
    exit code 1, for whoever supervises it to see. ``log`` is the form of the log of requests, one of `KINDS`.

    However the main process ends, its workers do too. SIGHUP replaces the workers by new ones, unless ``on_terminal``:
    there it says that the terminal has gone, and ends the server.
    """
    server = Granian(
        target,
        address=host,
        port=port,
        interface=_INTERFACE,
        workers=workers or cpu_count(),
        blocking_threads=_THREADS,
        runtime_mode=RuntimeModes.mt,
        # HTTP/2 without TLS is spoken by no browser, and a proxy in front speaks HTTP/1.1: less to attack.
        http=HTTPModes.http1,
        http1_settings=_http1(head_seconds),
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_connections(),
        log_level=LogLevels(log_level),
        log_dictconfig=logging_config(log),
        log_access=log != "off",
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_AFTER,
        reload=False,
    )
    _heed_hangup(server, on_terminal=on_terminal)
    server.serve(target_loader=partial(_application, factory))


def _http1(head_seconds: int) -> HTTP1Settings:
    milliseconds = head_seconds * 1_000
    return HTTP1Settings(
        header_read_timeout=milliseconds, keep_alive=True, max_buffer_size=_BUFFER, pipeline_flush=False
    )  # fmt: skip


def _heed_hangup(server: AbstractServer[Any], *, on_terminal: bool) -> None:
    """Says what SIGHUP does, where it is not to replace the workers."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # as nohup wants it
        server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    elif on_terminal:
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))


def _application(factory: bool, target: str) -> WSGIApplication:
    """Loads the application in a worker."""
    # From a terminal these come to every process at once. The main process then stops its workers: one that is told to
    # stop twice would not end before it is killed.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    # Until granian listens to this signal, which it does when the application is there.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, name="feeds-parent", daemon=True).start()
    module, _, name = target.partition(":")
    found = getattr(import_module(module), name)
    return found() if factory else found  # type: ignore[no-any-return]  # the caller has named it


def _end_with_parent() -> None:
    """Waits for the end of the main process, and ends this one at once: nobody else would, and it holds the port."""
    parent = parent_process()
    if parent:
        parent.join()
        _log.error("the main process has been killed, and so this worker ends")
        os._exit(1)


def require_free(host: str, port: int) -> None:
    """Raises FeedsError, in words for an operator, unless a server can listen at this place.

    Granian shares its port with any program that allows this, such as a second copy of itself; either would then
    answer readers. So the port is bound once here without sharing.
    """
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a former server may linger
                probe.bind(address)
                break
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise FeedsError(f"cannot listen on {host}, port {port}: {reason} (choose another --host or --port)") from error


def _connections() -> int:
    """How many connections a worker may hold; raises the limit of open files as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _SPARE_FILES
    granted = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < granted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
        soft = granted
    files = wanted if soft == resource.RLIM_INFINITY else soft
    return max(64, min(_CONNECTIONS, files - _SPARE_FILES))
