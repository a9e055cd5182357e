"""Where a newsroom's catalogue and memory lie: in files of this machine, or on a server for several machines."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias
from weakref import WeakValueDictionary

from feeds.catalogue.catalogue_file import CatalogueFile, catalogue_file
from feeds.catalogue.postgresql_catalogue import CatalogueServer
from feeds.catalogue.replica import Replica
from feeds.catalogue.snapshot import Catalogue
from feeds.database import Server

CatalogueLocation: TypeAlias = CatalogueFile | CatalogueServer


def catalogue_location(
    data: Path | None, base_url: str, wanted: Path | None = None, former: Path | None = None, database: str = ""
) -> CatalogueLocation:
    """Where a newsroom is kept, given its folder and the address at which it is served.

    ``database`` is the address of a PostgreSQL server, if it is kept there. Replicas know no folder (``data`` is
    None): so there its name comes from the base address alone. For the rest see `catalogue_file`.
    """
    if not database:
        return catalogue_file(data or Path(), base_url, wanted, former)
    own = catalogue_file(Path(os.sep), base_url, wanted)
    elders = (catalogue_file(data, base_url, wanted).memory,) if data else ()
    server = Server(database, f"feeds_{sha256(base_url.encode()).hexdigest()[:12]}")
    return CatalogueServer(server, own.path, own.warning, elders)


_replicas: WeakValueDictionary[tuple[Server, Path], Replica] = WeakValueDictionary()


def open_catalogue(location: CatalogueLocation) -> Catalogue | Replica:
    """The catalogue at a place, to be read. All that read one on a server in this process share its connections."""
    if isinstance(location, CatalogueServer):
        return _replicas.setdefault((location.server, location.path), Replica(location))
    return Catalogue(location.path)
