"""What the marks in a row make of it: a sale, something else, or nothing that counts."""

from functools import lru_cache

from flux.ingestion.decode import Record
from flux.ingestion.formats import ANY_OTHER, Field
from flux.ingestion.meaning import SALE, Treatment, stronger
from flux.ingestion.recognise import MAX_NAME_CHARS, Layout, normalise, translate
from flux.ingestion.report import FileRefusedError, refuse
from flux.ingestion.words import ITEM_TREATMENTS, NO_KINDS_OF_ITEM, UNDOING_VALUES, ZERO


def treat(record: Record, layout: Layout) -> Treatment:
    """What the row is by all cells that say something about it: a sale where none does.

    Raises `FileRefusedError` for a mark that Flux does not know.
    """
    treatment, unknown = judge(tuple(record.cells[at] for at in layout.marks), layout)
    if layout.report is None and unknown is None:
        unknown = next((at for at in layout.unasked if undoes(record.cells[at])), None)
    if unknown is not None:
        raise refuse_mark(record.row_number, unknown, layout)
    return treatment


def judge(values: tuple[str, ...], layout: Layout) -> tuple[Treatment, int | None]:
    """What the cells of `layout.marks` make of a row, and the first column whose mark Flux does not know."""
    found, unknown = SALE, None
    for at, cell in zip(layout.marks, values, strict=True):
        if at in layout.treatments:
            meanings, value = layout.treatments[at], translate(cell, layout.report)
            if value and not ZERO.fullmatch(value[:MAX_NAME_CHARS]):
                treatment = meanings.get(value) or meanings.get(ANY_OTHER)
                unknown = at if treatment is None and unknown is None else unknown
                found = stronger(found, treatment or SALE)
        elif at == layout.columns[Field.ITEM]:
            found = stronger(found, ITEM_TREATMENTS.get(normalise(cell[:MAX_NAME_CHARS]), SALE))
        elif cell.strip().casefold() in NO_KINDS_OF_ITEM:
            unknown = at
    return found, unknown


def refuse_mark(row_number: int, at: int, layout: Layout) -> FileRefusedError:
    """What is raised for a mark in a column of the row that Flux does not know."""
    return refuse(
        "meaning_not_read_yet",
        f"Row {row_number} is marked in column “{layout.names[at]}” as something other than a plain"
        " sale. Flux does not read such rows yet, and will not count them as sales. Your file is kept.",
    )


@lru_cache(maxsize=65536)
def undoes(cell: str) -> bool:
    """Whether the words of a cell undo a sale, in whichever column they stand."""
    return len(cell) <= MAX_NAME_CHARS and normalise(cell) in UNDOING_VALUES
