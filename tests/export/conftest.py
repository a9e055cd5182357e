"""An object store to export to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.conftest import Program
from tests.export.object_store import BUCKET, Store, object_store
from tests.servers import Servers

_numbers = count(1)


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory, servers: Servers, program: Program) -> Iterator[Store]:
    """A server that runs for all tests."""
    with object_store(tmp_path_factory.mktemp("store"), servers, program) as store:
        yield store


@pytest.fixture
def store(object_server: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The server, for a program of this process, with nothing recorded."""
    for name, value in object_server.settings.items():
        monkeypatch.setenv(name, value)
    object_server.forget()
    yield object_server
    object_server.forget()


@pytest.fixture
def url(store: Store) -> str:
    """An address in the bucket that no other test uses. The bucket is there."""
    from tests.export.object_store import opened

    opened(f"s3://{BUCKET}").put("there", b"")
    store.forget()
    return f"s3://{BUCKET}/site-{next(_numbers)}"
