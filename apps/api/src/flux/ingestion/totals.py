"""A list of orders without their lines, row by row, and what its sums at the foot say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial, reduce
from typing import BinaryIO

from pydantic import ValidationError

from flux.ingestion.body import read_body
from flux.ingestion.cells import DecimalSign, read_decimal, split_moment
from flux.ingestion.columns import NO_LINES, Batch
from flux.ingestion.decode import Record, read_records
from flux.ingestion.evidence import gather
from flux.ingestion.formats import Field, Figure, OrderReport
from flux.ingestion.marks import treat
from flux.ingestion.meaning import SALE, Treatment
from flux.ingestion.order_total import FIGURES, OrderTotal, validate_total
from flux.ingestion.parse import MAX_VALUE_CHARS, Rejection, find_unsound
from flux.ingestion.passes import Pass
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.reading import FileReading
from flux.ingestion.recognise import normalise
from flux.ingestion.report import Conclusion, FileRefusedError, refuse
from flux.ingestion.sale_line import LineContext

FOOT = Treatment(None, say(PhraseCode.SUMS_OF_ALL))
Row = tuple[int, OrderTotal]
Outcome = OrderTotal | Treatment | list[Rejection]


@dataclass(frozen=True)
class Places:
    """The columns of a list of orders beside those of its layout."""

    figures: Mapping[Figure, tuple[int, ...]]
    payment: int | None
    tenders: tuple[int, ...]

    def conclusions(self, reading: FileReading) -> list[Conclusion]:
        names, report = reading.layout.names, reading.layout.report
        assert report is not None  # noqa: S101
        return [
            Conclusion(
                what=str(figure),
                decided=reduce(
                    partial(say, PhraseCode.AND),
                    (say(PhraseCode.COLUMN, names[at]) for at in places),
                ),
                because=say(PhraseCode.TILL_NAMES_IT, report.till),
            )
            for figure, places in self.figures.items()
        ]


def find_places(reading: FileReading) -> Places:
    """Which column has what. Raises `FileRefusedError` if two could, or the orders cannot be told apart."""
    report, names = reading.layout.report, reading.layout.names
    assert isinstance(report, OrderReport)  # noqa: S101
    if reading.conventions.order is None:
        raise refuse(
            "orders_unclear",
            "The orders of this list cannot be told apart, since a spreadsheet program has rounded their numbers."
            " Export it from your till again and upload it without opening it first.",
        )
    plain = [normalise(name) for name in names]
    words = max(
        ([each.get(word, word) for word in plain] for each in report.translations),
        key=lambda found: len(report.signature & set(found)),
    )

    def places(wanted: tuple[str, ...]) -> tuple[int, ...]:
        found = tuple(at for name in wanted for at, word in enumerate(words) if word == name)
        if len({words[at] for at in found}) < len(found):
            raise refuse(
                "columns_not_recognised",
                f"Two columns are called “{names[found[0]]}”. Give one another name and upload the file again.",
                needs_mapping=True,
            )
        return found

    figures = {figure: places(wanted) for figure, wanted in report.figures.items()}
    return Places(
        {figure: found for figure, found in figures.items() if found},
        next(iter(places((report.payment,))), None) if report.payment else None,
        places(report.tenders),
    )


def read_totals(
    file: BinaryIO, reading: FileReading, now: datetime
) -> Iterator[tuple[Record, Outcome]]:
    """Each row below the header: what it says, every reason why it does not count, or why it is left out.

    Raises `FileRefusedError`.
    """
    places = find_places(reading)
    context = LineContext(reading.conventions, now)
    for record in read_records(file, reading.decoding):
        if record.row_number > reading.layout.header_row:
            yield record, read_total(record, reading, places, context)


class TotalsPass(Pass):
    """A list of orders read as `reading` says. Nothing is sorted: the loader finds what belongs together."""

    def read_totals(self) -> Iterator[list[Row]]:
        """Every valid row with its number, a block at a time. Raises `FileRefusedError`."""
        self._places = find_places(self.reading)
        self._sums = Sums(self.reading)
        context = LineContext(self.reading.conventions, self._now)
        restaurant = self.reading.conventions.restaurant
        for block in read_body(self._file, self.reading.decoding, self.reading.layout):
            self._check_length(block)
            gather(self._seen, block, self.reading.layout, restaurant)
            rows: list[Row] = []
            batch = Batch(NO_LINES, [], [])
            for record in block.records():
                said = read_total(record, self.reading, self._places, context)
                self._sums.add(record, said)
                if isinstance(said, OrderTotal):
                    rows.append((record.row_number, said))
                elif isinstance(said, Treatment):
                    batch.left_out.append((record.row_number, said))
                else:
                    batch.rejected.append(said)
            self.note(batch)
            yield rows

    def refuse_row(self, problem: Rejection) -> None:
        """Refuse a row that was good by itself."""
        self.note(Batch(NO_LINES, [[problem]], []))

    def conclusions(self) -> list[Conclusion]:
        """Which columns have the figures, and what became of the rows, once they were read."""
        return [*self._places.conclusions(self.reading), *super().conclusions()]

    def warnings(self) -> list[Said]:
        """What the row of sums says against the others, once the rows were read."""
        return self._sums.warnings()


class Sums:
    """The main figure of all rows, beside the one that the row of sums has."""

    def __init__(self, reading: FileReading) -> None:
        self._reading = reading
        self._at = reading.layout.columns[Field.LINE_AMOUNT]
        self._rows = 0
        self._sum = Decimal(0)
        self._foot: Decimal | None = None
        self._has_unread = False

    def add(self, record: Record, said: Outcome) -> None:
        sign: DecimalSign = self._reading.conventions.decimal_sign
        cell = record.cells[self._at] if self._at < len(record.cells) else ""
        amount = read_decimal(cell, sign)
        if said is FOOT:
            self._foot = amount
        else:
            self._rows += 1
            self._sum += amount or 0
            self._has_unread |= amount is None and isinstance(said, list)

    def warnings(self) -> list[Said]:
        """That the file was cut, if its rows come to another sum than it says."""
        if self._foot is None or self._foot == self._sum or self._has_unread:
            return []
        report, restaurant = self._reading.layout.report, self._reading.conventions.restaurant
        assert isinstance(report, OrderReport)  # noqa: S101
        digits = restaurant.minor_digits
        said = say(
            PhraseCode.CUT_LESS if self._sum < self._foot else PhraseCode.CUT_MORE,
            f"{self._foot:,.{digits}f}",
            restaurant.currency,
            f"{self._rows:,}",
            f"{self._sum:,.{digits}f}",
            f"{abs(self._foot - self._sum):,.{digits}f}",
        )
        if report.cut_at:
            said = say(PhraseCode.TILL_STOPS, said, report.till, f"{report.cut_at:,}")
        return [said]


def read_total(
    record: Record, reading: FileReading, places: Places, context: LineContext
) -> Outcome:
    """One row by the model: what it says, every reason why it does not count, or why it is left out."""
    layout = reading.layout
    if not record.is_broken and _is_foot(record, reading, places):
        return FOOT
    if unsound := find_unsound(record, layout):
        return [unsound]
    try:
        treatment = treat(record, layout)
    except FileRefusedError:
        # Only rows without a date were not asked before, and such a row is refused below.
        treatment = SALE
    if treatment.kind is None:
        return treatment
    cells = record.cells

    def cell(wanted: Field) -> str:
        return cells[layout.columns[wanted]] if wanted in layout.columns else ""

    date_text, beside = split_moment(cell(Field.MOMENT) or cell(Field.DATE))
    moment = (date_text, beside, cell(Field.TIME).strip(), cell(Field.ZONE).strip())
    given: dict[str, object] = {
        name: tuple(cells[at] for at in places.figures.get(figure, ()))
        for name, figure in FIGURES.items()
    }
    given |= {
        "kind": treatment.kind,
        "occurred_at": moment,
        "order_id": cell(Field.ORDER),
        "tendered_minor": tuple(cells[at] for at in places.tenders),
        "payment": cells[places.payment] if places.payment is not None else None,
    }
    try:
        if not cell(Field.LINE_AMOUNT).strip():
            given["net_minor"] = given["total_minor"] = ()
        return validate_total(given, context)
    except ValidationError as error:
        return [
            _explain(record, reading, places, each)
            for each in error.errors(include_url=False, include_input=False)
        ]


def _is_foot(record: Record, reading: FileReading, places: Places) -> bool:
    """Whether it is the row of sums: neither an order nor a date, and the main figure."""
    cells, columns = record.cells, reading.layout.columns
    at = columns[Field.LINE_AMOUNT]
    if len(cells) < len(reading.layout.names) or not cells[at].strip():
        return False
    named = [columns[each] for each in (Field.ORDER, Field.MOMENT, Field.DATE) if each in columns]
    is_blank = not any(cells[each].strip() for each in named)
    figures = {each for found in places.figures.values() for each in found}
    return is_blank and sum(bool(cells[each].strip()) for each in figures) > 1


def _explain(
    record: Record, reading: FileReading, places: Places, error: Mapping[str, object]
) -> Rejection:
    columns, code = reading.layout.columns, str(error["type"])
    loc, context = error["loc"], error.get("ctx")
    name = str(loc[0]) if isinstance(loc, tuple) and loc else ""
    at: int | None = None
    if code == "amount_missing":
        at = columns[Field.LINE_AMOUNT]
    elif name in FIGURES or name == "tendered_minor":
        found = places.tenders if name == "tendered_minor" else places.figures[FIGURES[name]]
        at = found[context["at"] if isinstance(context, dict) else 0]
    elif name == "order_id":
        at = columns[Field.ORDER]
    elif name == "payment":
        at = places.payment
    elif name == "occurred_at":
        at = columns[Field.ZONE] if code == "zone_unknown" else reading.layout.date_column
        if code in {"time_missing", "times_differ"} and Field.TIME in columns:
            at = columns[Field.TIME]
    value = None
    if at is not None:
        value = record.cells[at][:MAX_VALUE_CHARS].replace("\0", "\N{REPLACEMENT CHARACTER}")
    column = None if at is None else reading.layout.names[at]
    return Rejection(record.row_number, column, value, code, str(error["msg"]))
