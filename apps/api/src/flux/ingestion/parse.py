"""A file line by line, each by the model."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from pydantic import ValidationError

from flux.ingestion.cells import DATE_PARTS, read_date, split_moment
from flux.ingestion.decode import Record, read_records
from flux.ingestion.formats import Field
from flux.ingestion.marks import treat
from flux.ingestion.meaning import SALE, TOTALS, Kind, Treatment
from flux.ingestion.reading import FileReading
from flux.ingestion.recognise import Layout
from flux.ingestion.report import FileRefusedError
from flux.ingestion.sale_line import LineContext, SaleLine, is_totals_label, validate_line

MAX_VALUE_CHARS = 200


@dataclass(frozen=True)
class Rejection:
    """One reason why a row is refused: its number in a spreadsheet, the column's own name, the cell."""

    row_number: int
    column: str | None
    value: str | None
    code: str
    message: str


def read_lines(
    file: BinaryIO, reading: FileReading, now: datetime
) -> Iterator[tuple[int, SaleLine | list[Rejection] | Treatment]]:
    """Each row below the header, by its row number: a valid line, every reason why it is none, or why it
    is left out.
    """
    context = LineContext(conventions=reading.conventions, now=now)
    for record in read_records(file, reading.decoding):
        if record.row_number > reading.layout.header_row:
            yield record.row_number, read_line(record, reading, context)


def read_line(
    record: Record, reading: FileReading, context: LineContext
) -> SaleLine | list[Rejection] | Treatment:
    """One row by the model: a valid line, every reason why it is none, or why it is left out."""
    if _is_foot(record, reading.layout):
        return TOTALS
    if unsound := find_unsound(record, reading.layout):
        return [unsound]
    try:
        treatment = treat(record, reading.layout)
    except FileRefusedError:
        # Only rows without a date were not asked before, and such a row is refused below.
        treatment = SALE
    if treatment.kind is None:
        return treatment
    try:
        return validate_line(_pick_cells(record.cells, reading, treatment.kind), context)
    except ValidationError as error:
        return [
            _explain(record, reading, str(each["loc"][0]), each["type"], each["msg"])
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        ]


def find_unsound(record: Record, layout: Layout) -> Rejection | None:
    """Why the row as a whole is none, whatever its cells may say."""
    wanted, given = len(layout.names), len(record.cells)
    if record.is_broken:
        code, message = (
            "quotes_broken",
            "The row cannot be split into cells: a quotation mark is not closed where it should be, or a cell is far"
            " too long. Correct the row.",
        )
    elif _is_totals(record, layout):
        code, message = (
            "totals_row",
            "This row is named a total of others, but has a date like a sale. It was not counted. If it is a sale, give"
            " its item another name.",
        )
    elif given < wanted:
        code, message = (
            "cells_missing",
            f"The row has {given} cells instead of {wanted}; it is not clear which is missing.",
        )
    elif not layout.fits(record):
        code, message = (
            "cells_too_many",
            f"The row has more cells than the header ({wanted}). Look for a stray separator.",
        )
    else:
        return None
    return Rejection(record.row_number, None, None, code, message)


def _is_foot(record: Record, layout: Layout) -> bool:
    """Whether the row is plainly no sale: it is named a total, and has no date."""
    if record.is_broken or not _is_totals(record, layout):
        return False
    date_text, _ = split_moment("".join(record.cells[layout.date_column : layout.date_column + 1]))
    return not DATE_PARTS.fullmatch(date_text)


def _is_totals(record: Record, layout: Layout) -> bool:
    """A sum says so in the first cell that it has, or where the item stands."""
    first = next(filter(str.strip, record.cells), "")
    item = layout.columns.get(Field.ITEM, len(record.cells))
    return is_totals_label(first) or is_totals_label("".join(record.cells[item : item + 1]))


def _pick_cells(cells: list[str], reading: FileReading, kind: Kind) -> dict[str, object]:
    columns, conventions = reading.layout.columns, reading.conventions

    nothing = reading.layout.report.nothing if reading.layout.report else {}

    def cell(field: Field) -> str | None:
        if field not in columns:
            return None
        return "" if nothing.get(field) == cells[columns[field]] else cells[columns[field]]

    date_text, time_beside = split_moment(cell(Field.MOMENT) or cell(Field.DATE) or "")
    zone_text = (cell(Field.ZONE) or "").strip()
    amount = cell(conventions.amount) or ""
    if not amount.strip() and Field.AMOUNT_INSTEAD in columns:
        amount = cell(Field.AMOUNT_INSTEAD) or ""
    return {
        "kind": kind,
        "occurred_at": (date_text, time_beside, (cell(Field.TIME) or "").strip(), zone_text),
        "order_id": cell(conventions.order) if conventions.order else None,
        "item_name": cell(Field.ITEM),
        "category": cell(Field.CATEGORY),
        "variant": cell(Field.VARIANT),
        "quantity": cell(Field.QUANTITY),
        "net_minor": amount,
    }


def _explain(
    record: Record, reading: FileReading, model_field: str, code: str, message: str
) -> Rejection:
    columns = reading.layout.columns
    moment = Field.MOMENT if Field.MOMENT in columns else Field.DATE
    if code == "zone_unknown":
        moment = Field.ZONE
    elif code in {"time_missing", "times_differ"} and Field.TIME in columns:
        moment = Field.TIME
    elif (
        code == "date_unreadable"
        and Field.TIME in columns
        and read_date(
            split_moment(record.cells[columns[moment]])[0], reading.conventions.date_order
        )
    ):
        moment, code = Field.TIME, "time_unreadable"
        message = "This is not a time of day. Put in a time such as 18:30."
    field = {
        "occurred_at": moment,
        "order_id": reading.conventions.order or Field.ORDER,
        "item_name": Field.ITEM,
        "category": Field.CATEGORY,
        "variant": Field.VARIANT,
        "quantity": Field.QUANTITY,
        "net_minor": reading.conventions.amount,
    }[model_field]
    value = record.cells[columns[field]][:MAX_VALUE_CHARS].replace(
        "\0", "\N{REPLACEMENT CHARACTER}"
    )
    return Rejection(record.row_number, reading.layout.name_of(field), value, code, message)
