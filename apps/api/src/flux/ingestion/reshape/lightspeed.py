"""From Lightspeed's sales history to sold lines: each with its net amount and the status of its sale.

What a sale's figures leave open refuses its lines: their amount then says what is wrong. Net amounts
have up to five decimals; those of a sale are rounded so that they add up to its own, rounded.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

from flux.ingestion.cells import DecimalSign, Writing, read_decimal, see_writing
from flux.ingestion.formats import lightspeed
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.recognise import normalise
from flux.ingestion.report import Conclusion
from flux.ingestion.reshape.sent import SentColumns, SentTable, find_sent
from flux.ingestion.reshape.shares import round_together
from flux.ingestion.table import Table, write_rows

MAX_LINES = 10_000
# A minor unit has as many of them. Spreadsheets keep no more digits.
_STEP = 10**10
_ADDED = (lightspeed.NET, lightspeed.COUNTS_AS)


class UnclearSaleError(Exception):
    """The sale's figures do not fit together; the text says which."""


def reshape_sales(table: Table, minor_digits: int, stack: ExitStack) -> Table:
    """The table itself unless it is Lightspeed's sales history; else the same rows with two more columns.

    Amounts are of a currency with that many decimals.
    """
    sent = find_sent(table, b"line type", lightspeed.SENT)
    if sent is None:
        return table
    sales = _Sales(SentColumns(sent.header, _ADDED), minor_digits)
    return Table(write_rows(_write(sales, sent), stack), (*table.conclusions, *sales.conclusions()))


def _write(sales: "_Sales", sent: SentTable) -> Iterator[Sequence[str]]:
    yield from ([] for _ in range(sent.above))
    yield [*sales.columns.names, *_ADDED]
    rows = (sales.columns.pick(cells) for cells in sent.rows)
    for _, group in groupby(rows, key=sales.name_of):
        gathered: list[list[str]] = []
        for cells in group:
            gathered.append(cells)
            # No sale is longer; what claims to be must not fill the memory.
            if len(gathered) == MAX_LINES:
                yield from sales.read(gathered)
                gathered = []
        yield from sales.read(gathered)


class _Sales:
    """The sales of one export."""

    def __init__(self, columns: SentColumns, minor_digits: int) -> None:
        self.columns = columns
        self._digits = minor_digits
        self._last = ""
        self._unclear = 0
        self._of_units = 0

    def conclusions(self) -> list[Conclusion]:
        found = [
            Conclusion(
                what="amounts of lines",
                decided=(
                    say(PhraseCode.LINE_SUBTOTALS_TIMES, f"{self._of_units:,}")
                    if self._of_units
                    else say(PhraseCode.LINE_SUBTOTALS)
                ),
                because=say(PhraseCode.SALE_ADDS_UP),
            )
        ]
        if self._unclear:
            found.append(
                Conclusion(
                    what="unclear sales",
                    decided=say(PhraseCode.UNCLEAR_SALES, f"{self._unclear:,}"),
                    because=say(PhraseCode.FIGURES_CLASH),
                )
            )
        return found

    def name_of(self, cells: list[str]) -> str:
        """What the rows of one sale have in common; blank and ragged rows stay with those before them."""
        if self.columns.is_whole(cells):
            self._last = f"{self._cell(cells, 'receipt number')}\0{self._cell(cells, 'date')}"
        return self._last

    def read(self, rows: list[list[str]]) -> Iterator[list[str]]:
        """The rows of one sale, in their places."""
        whole = [cells for cells in rows if self.columns.is_whole(cells)]
        parts = {
            kind: [cells for cells in whole if self._kind(cells) == kind]
            for kind in (lightspeed.HEADING, lightspeed.LINE, lightspeed.PAYMENT)
        }
        status, amounts = "", [""] * len(parts[lightspeed.LINE])
        counts = lightspeed.SOLD
        try:
            heading = self._find_heading(parts[lightspeed.HEADING])
            status = self._cell(heading, "status")
            if normalise(status) in lightspeed.PENDING:
                counts = self._count_pending(heading, parts[lightspeed.PAYMENT])
            amounts = self._work_out(heading, parts[lightspeed.LINE])
        except UnclearSaleError as unclear:
            self._unclear += bool(amounts)
            amounts = [str(unclear)] * len(amounts)
        made = iter(amounts)
        for cells in rows:
            if not self.columns.is_whole(cells):
                yield cells
                continue
            if self._kind(cells) == lightspeed.LINE:
                cells[self.columns.at["status"]] = status
                yield [*cells, next(made), counts]
            else:
                yield [*cells, "", counts]

    def _cell(self, cells: list[str], name: str) -> str:
        return self.columns.cell(cells, name)

    def _kind(self, cells: list[str]) -> str:
        return normalise(self._cell(cells, "line type"))

    def _find_heading(self, headings: list[list[str]]) -> list[str]:
        """The row with the sum of the sale, which may be there more than once."""
        if not headings:
            raise UnclearSaleError("no row “Sale” has this number and time")
        if any(each != headings[0] for each in headings):
            raise UnclearSaleError("two different rows “Sale” have this number and time")
        if not self._cell(headings[0], "status"):
            raise UnclearSaleError("the row “Sale” has no status")
        return headings[0]

    def _count_pending(self, heading: list[str], payments: list[list[str]]) -> str:
        total, *paid = _read_amounts(
            [self._cell(heading, "total"), *(self._cell(each, "paid") for each in payments)]
        )
        missing = abs(total - sum(paid)).scaleb(self._digits)
        return lightspeed.SOLD if missing <= 1 else lightspeed.NOT_PAID

    def _work_out(self, heading: list[str], lines: list[list[str]]) -> list[str]:
        """The net amount of each line, as text: its subtotal, or that times its quantity."""
        wanted, *subtotals = (
            self._scale(amount)
            for amount in _read_amounts(
                [self._cell(each, "subtotal") for each in (heading, *lines)]
            )
        )
        quantities = [self._read_quantity(each) for each in lines]
        units = [
            int((subtotal * quantity).to_integral_value(ROUND_HALF_EVEN))
            for subtotal, quantity in zip(subtotals, quantities, strict=True)
        ]
        by_line, by_unit = (round_together(way, _STEP) for way in (subtotals, units))
        far_line, far_unit = abs(sum(subtotals) - wanted), abs(sum(units) - wanted)
        # Each figure may be rounded by half a minor unit.
        if 2 * min(far_line, far_unit) > (len(lines) + 1) * _STEP:
            found, own = (
                self._show(*round_together([each], _STEP)) for each in (sum(subtotals), wanted)
            )
            raise UnclearSaleError(f"the lines add up to {found}, Subtotal of the sale is {own}")
        if far_line == far_unit and by_line != by_unit:
            raise UnclearSaleError("Subtotal of a line could be for one unit or for all")
        is_unit = far_unit < far_line
        self._of_units += is_unit
        return [self._show(net) for net in (by_unit if is_unit else by_line)]

    def _read_quantity(self, line: list[str]) -> Decimal:
        quantity = read_decimal(self._cell(line, "quantity"), DecimalSign.POINT)
        if quantity is None:
            raise UnclearSaleError("Quantity of a line of this sale is not a number")
        return quantity

    def _scale(self, amount: Decimal) -> int:
        return int((amount.scaleb(self._digits) * _STEP).to_integral_value(ROUND_HALF_EVEN))

    def _show(self, minor: int) -> str:
        return f"{Decimal(minor).scaleb(-self._digits):f}"


def _read_amounts(texts: list[str]) -> list[Decimal]:
    """The amounts, all with the same decimal sign, which is a point unless they show a comma."""
    writings = {see_writing(text)[0] for text in texts}
    if Writing.OPEN_COMMA in writings:
        raise UnclearSaleError("an amount of this sale could be thousands or thousandths")
    is_comma = Writing.COMMA in writings
    if is_comma and writings & {Writing.POINT, Writing.OPEN_POINT}:
        raise UnclearSaleError("amounts of this sale have a decimal comma, and a decimal point")
    sign = DecimalSign.COMMA if is_comma else DecimalSign.POINT
    amounts = [read_decimal(text, sign) for text in texts]
    if None in amounts:
        raise UnclearSaleError("an amount of this sale is missing, or is no number")
    return [amount for amount in amounts if amount is not None]
