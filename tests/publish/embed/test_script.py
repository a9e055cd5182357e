"""The script as a file: small, versioned, and never changed once published."""

from __future__ import annotations

import gzip

import pytest

from feeds.publish.assets.embed_scripts import Script, by_path, scripts

PUBLISHED = {
    "1.0.0": "sha384-Ghiu/Oer9kGib2eX39xZUXNQRIrLHmo15/YJM/1ncTtPS5kYp4rIk9Um844I2w0h",
    "1.1.0": "sha384-+gvYVnxJnyLyYH8b0WcxPBikvYMpJplCW2VETg4lVc6ghTowDoQLrF7sPQc4YpSU",
}
"""The hash of every version that partners may have pasted. A line is added here, never changed."""


def test_no_published_version_ever_changes_or_goes() -> None:
    assert {script.version: script.integrity for script in scripts()} == PUBLISHED


def test_every_version_has_its_own_address() -> None:
    assert set(by_path()) == {f"/embed/{version}/headlines.js" for version in PUBLISHED}


def test_the_newest_version_comes_last() -> None:
    assert scripts()[-1].version == max(PUBLISHED, key=lambda version: [int(part) for part in version.split(".")])


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.version)
def test_two_kilobytes_are_enough(script: Script) -> None:
    assert len(gzip.compress(script.body, 9)) <= 2_048
