"""What an owner needs to see of a file to say which column is which; nothing of it is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from flux.ingestion.choice import CHOOSABLE
from flux.ingestion.decode import Record, decide_decoding, read_records
from flux.ingestion.formats import Field
from flux.ingestion.recognise import (
    HeaderUnclearError,
    Layout,
    fingerprint_of,
    recognise_header,
    show,
)
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.unpack import unpack

SAMPLES = 3
MAX_LOCATIONS = 100
_SAMPLED_ROWS = 200


@dataclass(frozen=True)
class Column:
    """A column's own name, up to three different values of it, cut short, and what Flux takes it for."""

    name: str
    samples: tuple[str, ...]
    proposal: Field | None


@dataclass(frozen=True)
class Header:
    """The row of the columns' names, as a spreadsheet numbers it, and what stands below it.

    `places` are the columns that name locations, counted from 0, with up to `MAX_LOCATIONS` names;
    `till` is the one whose report this is, if Flux knows it.
    """

    row_number: int
    fingerprint: str
    columns: tuple[Column, ...]
    places: dict[int, tuple[str, ...]]
    till: str | None


def read_header(stored: BinaryIO, restaurant: Restaurant) -> Header:
    """The header of a stored file. Raises `FileRefusedError` for what is no table of single sales."""
    with unpack(stored, restaurant) as table:
        file = table.file
        decoding = decide_decoding(file)
        try:
            layout = recognise_header(read_records(file, decoding), {})
        except HeaderUnclearError as unclear:
            layout = unclear.nearest
        below = (
            each
            for each in read_records(file, decoding)
            if each.row_number > layout.header_row and layout.fits(each)
        )
        first = list(islice(below, _SAMPLED_ROWS))
        proposals = {at: field for field, at in layout.columns.items() if field in CHOOSABLE}
        return Header(
            layout.header_row,
            fingerprint_of(layout),
            tuple(
                Column(name, _take_samples(first, at), proposals.get(at))
                for at, name in enumerate(layout.names)
            ),
            _find_places(layout, chain(first, below) if layout.places else ()),
            layout.report.till if layout.report else None,
        )


def _take_samples(records: list[Record], at: int) -> tuple[str, ...]:
    values = dict.fromkeys(shown for each in records if (shown := show(each.cells[at])))
    return tuple(islice(values, SAMPLES))


def _find_places(layout: Layout, records: Iterable[Record]) -> dict[int, tuple[str, ...]]:
    """The names in each column of locations that has more than one, each once however it is written."""
    found: dict[int, dict[str, str]] = {at: {} for at in layout.places}
    for record in records:
        for at, names in found.items():
            name = " ".join(record.cells[at].split())
            if name and len(names) < MAX_LOCATIONS:
                names.setdefault(name.casefold(), name)
    return {at: tuple(names.values()) for at, names in found.items() if len(names) > 1}
