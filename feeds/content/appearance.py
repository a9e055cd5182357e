"""Checks what newsroom.yaml says of the newsroom's look. What cannot be used becomes a warning and is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from feeds.content.faults import Fault, quoted
from feeds.content.raw_record import RawRecord
from feeds.content.yaml_reader import Data
from feeds.model.colour import ENOUGH, LIGHT_BACKGROUNDS, contrast, darker, parse_colour
from feeds.model.fields import media_name

FIELDS = ("colour", "icon", "logo")
"""The fields of newsroom.yaml that describe the look."""


def told_only(faults: Iterable[Fault], fields: Collection[str]) -> list[Fault]:
    """The faults of a file; those in ``fields`` become warnings."""
    return [replace(fault, fatal=False) if fault.path.partition(".")[0] in fields else fault for fault in faults]


def without_unfit_look(record: RawRecord, found: list[Fault]) -> dict[str, Data]:
    """The data of newsroom.yaml without a colour or picture that cannot be used. ``found`` gets the reasons."""
    data = {name: value for name, value in record.data.items() if value or name not in FIELDS}
    if "colour" in data and (fault := _colour_fault(record)):
        found.append(fault)
        del data["colour"]
    for field in ("logo", "icon"):
        if field in data and (fault := _name_fault(record, field)):
            found.append(fault)
            del data[field]
    return data


def _name_fault(record: RawRecord, field: str) -> Fault | None:
    written = record.data[field]
    try:
        if isinstance(written, str) and "/" not in media_name(written):
            return None
    except ValueError:
        pass
    advice = f"put the picture there, and write its name alone, as in {field}: {field}.png"
    return record.fault(field, "not the name of a picture beside newsroom.yaml", advice, fatal=False)


def _colour_fault(record: RawRecord) -> Fault | None:
    written = record.data["colour"]
    colour = parse_colour(written) if isinstance(written, str) else None
    if colour is None:
        advice = 'write a # and six digits in quotes, as in "#0b5fff"'
        what = f"{quoted(written)} is not a colour" if isinstance(written, str) else "not a colour"
        return record.fault("colour", what, advice, fatal=False)
    paper = LIGHT_BACKGROUNDS[0]
    ratio = contrast(colour, paper)
    if ratio >= ENOUGH:
        return None
    shown = int(ratio * 100) / 100  # rounded up it could seem to be enough
    message = f"{quoted(colour)} has a contrast of {shown:.2f} to 1 against white, and text needs {ENOUGH}"
    advice = (
        f'the nearest shade that can be read is "{darker(colour, (paper,))}"; until then the built-in colour is used'
    )
    return record.fault("colour", message, advice, fatal=False)
