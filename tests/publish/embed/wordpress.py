"""WordPress of Debian, asked over a pipe. It has no database: a file of our own in its content folder says so."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
UNPACKED = HERE / "wordpress" / "usr" / "share" / "wordpress"
INSTALLED = Path("/usr/share/wordpress")

_NO_DATABASE = """\
<?php
require_once ABSPATH . WPINC . '/wp-db.php';

class Empty_Database extends wpdb {
	public function __construct() { $this->ready = true; }
	public function query( $query ) { $this->last_result = array(); return 0; }
	public function db_connect( $allow_bail = true ) { return true; }
	public function check_connection( $allow_bail = true ) { return true; }
	public function db_version() { return '8.0'; }
	public function get_col_charset( $table, $column ) { return 'utf8mb4'; }
	public function _real_escape( $data ) { return addslashes( (string) $data ); }
	protected function get_table_charset( $table ) { return 'utf8mb4'; }
}

$wpdb = new Empty_Database();
"""


@dataclass(frozen=True)
class WordPress:
    """A running WordPress."""

    process: subprocess.Popen[str]

    def call(self, function: str, *arguments: object) -> Any:
        """What a function of WordPress gives."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([function, *arguments]) + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        while said.startswith(("PHP ", "Warning", "Notice", "\n")):
            said = self.process.stdout.readline()
        return json.loads(said)


def folder() -> Path | None:
    """Where WordPress is on this machine."""
    return next((each for each in (UNPACKED, INSTALLED) if (each / "wp-settings.php").exists()), None)


@contextmanager
def a_wordpress(php: str, wordpress: Path, path: Path, newsroom: str) -> Iterator[WordPress]:
    """WordPress in a folder of its own at ``path``, which may ask the newsroom at a base address."""
    (path / "wp-content").mkdir()
    (path / "wp-content" / "db.php").write_text(_NO_DATABASE, encoding="utf-8")
    for each in wordpress.iterdir():
        if each.name != "wp-content":
            (path / each.name).symlink_to(each)
    command = [php, "-d", "display_errors=stderr", str(HERE / "wordpress.php"), str(path), str(urlsplit(newsroom).port)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, env={"PATH": os.environ["PATH"]}, **pipes) as process:
        yield WordPress(process)
        assert process.stdin
        process.stdin.close()
