"""Says where version 1.0.0 kept its catalogue unless another place was configured: in Flask's instance folder."""

from __future__ import annotations

import sys
from pathlib import Path

import feeds


def instance_folder(package: Path = Path(feeds.__file__).parent, prefix: Path = Path(sys.prefix)) -> Path:
    """The folder by Flask's own rule, without importing Flask; ``prefix`` is where Python is installed.

    >>> instance_folder(Path("/srv/newsroom/feeds"), Path("/usr"))
    PosixPath('/srv/newsroom/instance')
    >>> instance_folder(Path("/srv/venv/lib/python3.11/site-packages/feeds"), Path("/srv/venv"))
    PosixPath('/srv/venv/var/feeds-instance')
    """
    above = package.parent
    if above.is_relative_to(prefix):
        return prefix / "var/feeds-instance"
    if above.name.lower() != "site-packages":
        return above / "instance"
    library = above.parent.parent
    return (library.parent if library.name.lower() == "lib" else above.parent) / "var/feeds-instance"
