"""The production server: a main process and its workers, which end together. The only module that knows granian."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing import cpu_count, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, ClassVar
from wsgiref.types import WSGIApplication

from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined]  # it is there under this name
from granian.server.common import AbstractServer
from granian.server.mp import MPServer, WorkerProcess

from feeds.errors import FeedsError
from feeds.web import signals
from feeds.web.access_log import middleware
from feeds.web.access_log.client_address import Network
from feeds.web.file_streams import STREAMS
from feeds.web.program_log import logging_config

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
_ENDING = 1  # seconds that a process may count as alive after its end
_KILLED_TOO = 0.1  # seconds in which a signal that has killed the main process may reach its workers too

_FIRST_PASSED = 3  # the number of the first socket that a supervisor passes on

_log = logging.getLogger("feeds")


def serve(
    target: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int | None = None,
    factory: bool = True,
    head_seconds: int = 10,
    logs: Logs | None = None,
    listener: socket.socket | None = None,
    on_terminal: bool = False,
) -> None:
    """Serves the WSGI application that ``target`` names (``module:name``) until a signal says stop.

    ``factory`` says that the name is to be called for the application, once in each worker. ``workers`` defaults to
    one for each core. A client has ``head_seconds`` to send the head of its request, and as long between two
    requests, before it is dropped. A worker that dies is replaced; two deaths within seconds end the server with
    exit code 1, for whoever supervises it to see. ``listener`` is a socket that listens already; then ``host`` and
    ``port`` have no meaning.

    However the main process ends, its workers do too. SIGHUP replaces the workers by new ones, unless ``on_terminal``:
    there it says that the terminal has gone, and ends the server.
    """
    logs = logs or Logs()
    server = _made(target, host, port, workers or cpu_count(), head_seconds, logs)
    server.listener = listener
    _heed_hangup(server, on_terminal=on_terminal)
    signals.end_new_processes_when_told()
    server.serve(target_loader=partial(_application, factory, logs))


def _made(target: str, host: str, port: int, workers: int, head_seconds: int, logs: Logs) -> _Server:
    """A server with all its limits, which does not listen yet."""
    return _Server(
        target,
        address=host,
        port=port,
        interface=_INTERFACE,
        workers=workers,
        blocking_threads=_THREADS,
        runtime_mode=RuntimeModes.mt,
        # HTTP/2 without TLS is spoken by no browser, and a proxy in front speaks HTTP/1.1: less to attack.
        http=HTTPModes.http1,
        http1_settings=_http1(head_seconds),
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_connections(),
        log_level=LogLevels(logs.server_level),
        log_dictconfig=logging_config(logs.form, logs.level),
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_AFTER,
        reload=False,
    )


@dataclass(frozen=True)
class Logs:
    """What is logged, and how."""

    form: str = "text"
    """The form of the program's messages: one of `settings.LOG_FORMATS`."""
    level: str = "info"
    """One of `settings.LOG_LEVELS`."""
    access: str = "off"
    """The form of the access log: one of `middleware.KINDS`."""
    file: Path | None = None
    """Where the access log goes; None for standard output."""
    trusted: tuple[Network, ...] = ()
    """The proxies that are believed about the client's address."""

    @property
    def server_level(self) -> str:
        """The level for granian, which logs much about its workers."""
        return {"debug": "info", "info": "warning"}.get(self.level, self.level)


class _Server(MPServer):
    """Granian with one listening socket for all workers.

    Otherwise each worker has its own on Linux, and the connections that wait in it are lost with the worker.
    """

    listener: socket.socket | None = None
    """The socket that a supervisor has passed on."""
    listening: ClassVar[int | None] = None
    """The number of the socket to which all workers listen, for workers that are forked."""

    def _init_shared_socket(self) -> None:
        host, port = ("127.0.0.1", 0) if self.listener else (self.bind_addr, self.bind_port)
        made: Any = SocketSpec(host, port, self.backlog).build()
        number: int = made.get_fd()
        if self.listener:  # takes the place of the one just made
            os.dup2(self.listener.fileno(), number)
            self.listener.close()
        shared = socket.socket(fileno=number)
        shared.set_inheritable(True)
        shared.setblocking(False)
        _Server.listening = number
        vars(self).update(_shd=made, _sfd=number, _ssp=None, _sso=shared)

    def _spawn_worker(self, *args: Any, **more: Any) -> WorkerProcess:
        worker = super()._spawn_worker(*args, **more)
        worker.join = partial(ended, worker.inner)  # type: ignore[method-assign]
        return worker


def ended(process: BaseProcess, timeout: float | None = None) -> None:
    """Waits for the end of a process, at most so many seconds, and a second more until its end is noted.

    A thread of granian's waits for the same process, and may be the one that learns of its end. Until it has noted
    that, the process counts as alive, and granian would say that it refuses to stop, and kill it.
    """
    process.join(timeout)
    end = monotonic() + _ENDING
    while process.is_alive() and monotonic() < end:
        sleep(0.01)


def _http1(head_seconds: int) -> HTTP1Settings:
    milliseconds = head_seconds * 1_000
    return HTTP1Settings(
        header_read_timeout=milliseconds, keep_alive=True, max_buffer_size=_BUFFER, pipeline_flush=False
    )  # fmt: skip


def _heed_hangup(server: AbstractServer[Any], *, on_terminal: bool) -> None:
    """Sets what SIGHUP does where it must not replace the workers: nothing under nohup; on a terminal, it ends all."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # as nohup wants it
        server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    elif on_terminal:
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))


def _application(factory: bool, logs: Logs, target: str) -> WSGIApplication:
    """Loads the application in a worker."""
    # A terminal sends these to every process at once. The main process then stops its workers, and one that is told to
    # stop twice hangs until it is killed.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    signals.stop_in_order(_Server.listening)
    Thread(target=_end_with_parent, name="feeds-parent", daemon=True).start()
    module, _, name = target.partition(":")
    found = getattr(import_module(module), name)
    app: WSGIApplication = found() if factory else found
    app = signals.saying_when_it_closes(app)
    if logs.access == "off":
        return app
    return middleware.in_front_of(app, middleware.writer(logs.access, middleware.LogFile(logs.file)), logs.trusted)


def _end_with_parent() -> None:
    """Waits for the end of the main process, and ends this one at once: nobody else would, and it holds the port."""
    parent = parent_process()
    if parent:
        parent.join()
        sleep(_KILLED_TOO)
        _log.error("the main process has been killed, and so this worker ends")
        os._exit(1)


def require_free(host: str, port: int, advice: str = "choose another --host or --port") -> None:
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
        raise FeedsError(f"cannot listen on {host}, port {port}: {reason} ({advice})") from error


def activated_socket(environ: MutableMapping[str, str]) -> socket.socket | None:
    """The socket that systemd or another supervisor listens to for us (sd_listen_fds(3)); None if there is none.

    Takes the variables that tell of it out of ``environ``, as they are not meant for workers. Raises FeedsError.
    """
    given = [environ.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")]
    if given[0] != str(os.getpid()) or given[1] in ("", "0"):
        return None
    if given[1] != "1":
        raise FeedsError(f"there are {given[1]} sockets to listen to (leave one ListenStream= in the socket unit)")
    try:
        listener = socket.socket(fileno=_FIRST_PASSED)
        listens = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise FeedsError(f"the socket passed by the supervisor cannot be used: {error.strerror}") from error
    if listener.family not in (socket.AF_INET, socket.AF_INET6) or not listens:
        raise FeedsError("the socket passed by the supervisor has no port (write ListenStream=127.0.0.1:8000)")
    return listener


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
