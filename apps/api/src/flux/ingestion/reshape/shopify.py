"""From Shopify's export of orders to one row a sold line: the order's cells filled, discounts and tax shared.

Whatever an order's figures leave open refuses that order's rows: their amount then says what is wrong.
Amounts are worked out in minor units of the order's currency, and every share by largest remainder.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision

from flux.ingestion.cells import DecimalSign, read_decimal
from flux.ingestion.formats import shopify
from flux.ingestion.meaning import SALE
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.recognise import normalise
from flux.ingestion.report import Conclusion
from flux.ingestion.reshape.sent import SentColumns, find_sent
from flux.ingestion.reshape.shares import share
from flux.ingestion.table import Table, write_rows

REFUND_ITEM = "Refund (items not named)"
MAX_LINES = 10_000
_GUARDED = "0123456789=+-@#"


class UnclearOrderError(Exception):
    """The order's figures do not fit together; the text says which."""


@dataclass(frozen=True)
class _Line:
    """`gross` is after the line's own discount, `discount` that, both in minor units."""

    gross: int
    discount: int
    is_taxable: bool
    is_tip: bool


def reshape_orders(table: Table, stack: ExitStack) -> Table:
    """The table itself unless it is Shopify's export of orders; else one row a line item in its place.

    Refunds stand below the last row, since the export has no rows for them.
    """
    sent = find_sent(table, b"lineitem", shopify.SENT)
    if sent is None:
        return table
    orders = _Orders(sent.header)
    made = write_rows(_write(orders, sent.rows, sent.above), stack)
    return Table(made, (*table.conclusions, *orders.conclusions()))


def _write(orders: "_Orders", rows: Iterator[list[str]], above: int) -> Iterator[Sequence[str]]:
    yield from ([] for _ in range(above))
    yield [*orders.columns.names, shopify.NET, shopify.COUNTS_AS]
    gathered: list[list[str]] = []
    name = ""
    for cells in rows:
        cells = orders.pick(cells)
        next_name = orders.name_of(cells) if cells else name
        if next_name != name or len(gathered) == MAX_LINES:
            yield from orders.read(gathered)
            gathered, name = [], next_name
        gathered.append(cells)
    yield from orders.read(gathered)
    yield from orders.refunds


class _Orders:
    """The orders of one export; gathers its refunds while they are read."""

    def __init__(self, header: list[str]) -> None:
        self.columns = SentColumns(header, (shopify.NET, shopify.COUNTS_AS))
        self.refunds: list[list[str]] = []
        self._refunded = 0
        self._unclear = 0

    def pick(self, cells: list[str]) -> list[str]:
        """The row without columns of ours and without what guards a cell from Excel."""
        picked = self.columns.pick(cells)
        return [_unguard(cell) for cell in picked] if "'" in "".join(picked) else picked

    def name_of(self, cells: list[str]) -> str:
        return self._cell(cells, "name") if len(cells) >= len(self.columns.names) else "\0"

    def conclusions(self) -> list[Conclusion]:
        found = [
            Conclusion(
                what="amounts of orders",
                decided=say(PhraseCode.PRICE_LESS_DISCOUNTS),
                because=say(PhraseCode.ORDER_ADDS_UP),
            )
        ]
        if self._refunded:
            found.append(
                Conclusion(
                    what="refunds",
                    decided=say(PhraseCode.REFUNDED_ORDERS, f"{self._refunded:,}"),
                    because=say(PhraseCode.NO_REFUND_ROWS),
                )
            )
        if self._unclear:
            found.append(
                Conclusion(
                    what="unclear orders",
                    decided=say(PhraseCode.UNCLEAR_ORDERS, f"{self._unclear:,}"),
                    because=say(PhraseCode.FIGURES_CLASH),
                )
            )
        return found

    def read(self, rows: list[list[str]]) -> Iterator[list[str]]:
        """The rows of one order, blank ones among them, in their places."""
        lines = [cells for cells in rows if self.columns.is_whole(cells)]
        if not lines:
            yield from rows
            return
        self._fill(lines)
        counts = [shopify.TIP if self._is_tip(cells) else shopify.SOLD for cells in lines]
        amounts = [""] * len(lines)
        if self._is_sold(lines[0]):
            try:
                amounts = self._work_out(lines, counts)
            except UnclearOrderError as unclear:
                self._unclear += 1
                amounts = [str(unclear)] * len(lines)
        made = zip(lines, amounts, counts, strict=True)
        for cells in rows:
            if self.columns.is_whole(cells):
                line, amount, count = next(made)
                yield [*line, amount, count]
            else:
                yield cells

    def _cell(self, cells: list[str], name: str) -> str:
        return self.columns.cell(cells, name)

    def _fill(self, lines: list[list[str]]) -> None:
        for name in shopify.OF_THE_ORDER:
            for cells in lines[1:]:
                if name in self.columns.at and not self._cell(cells, name):
                    cells[self.columns.at[name]] = lines[0][self.columns.at[name]]

    def _is_sold(self, first: list[str]) -> bool:
        """Whether the order counts; an unknown status is left for the treatments to refuse."""
        status = shopify.STATUSES.get(normalise(self._cell(first, "financial status")))
        return status is SALE and not self._cell(first, "cancelled at")

    def _is_tip(self, cells: list[str]) -> bool:
        return self._cell(cells, "lineitem name").casefold() in shopify.TIPS

    def _work_out(self, rows: list[list[str]], counts: list[str]) -> list[str]:
        """The net amount of each line, as text; adds the order's refund. Raises `UnclearOrderError`."""
        first = rows[0]
        digits = get_currency_precision(self._cell(first, "currency") or "USD")

        def money(cells: list[str], name: str) -> int:
            return _read_minor(self._cell(cells, name) or "0", digits, name)

        subtotal, shipping, tax, total, discount, refunded = (
            money(first, name)
            for name in (
                "subtotal",
                "shipping",
                "taxes",
                "total",
                "discount amount",
                "refunded amount",
            )
        )
        lines = [self._read_line(cells, digits) for cells in rows]
        grosses = _take_discount(lines, abs(discount), subtotal, digits)
        tips = sum(line.gross for line in lines if line.is_tip)
        nets = _take_tax(lines, grosses, tax, shipping, total, subtotal, tips)
        if refunded:
            one_rate = not money(first, "tax 2 value") and all(line.is_taxable for line in lines)
            is_plain = not shipping and not tips and (not tax or one_rate)
            if refunded == total:
                self._take_back(rows, counts, nets, digits)
            else:
                self._add_refund(
                    rows[0], _refund_part(refunded, total, nets, tax, is_plain), digits
                )
        return [_show(net, digits) for net in nets]

    def _read_line(self, cells: list[str], digits: int) -> _Line:
        quantity = read_decimal(self._cell(cells, "lineitem quantity"), DecimalSign.POINT)
        price = _read_amount(self._cell(cells, "lineitem price"), "lineitem price")
        discount = _read_minor(
            self._cell(cells, "lineitem discount") or "0", digits, "lineitem discount"
        )
        if quantity is None or quantity <= 0 or price < 0:
            raise UnclearOrderError("a line of this order has no quantity or price")
        gross = _to_minor(quantity * price, digits, "lineitem price") - abs(discount)
        if gross < 0:
            raise UnclearOrderError("a line of this order has a discount above its price")
        return _Line(
            gross,
            abs(discount),
            self._cell(cells, "lineitem taxable").casefold() not in {"false", "no"},
            self._is_tip(cells),
        )

    def _take_back(
        self, rows: list[list[str]], counts: list[str], nets: list[int], digits: int
    ) -> None:
        """A line below for each line of an order that was refunded in full."""
        self._refunded += 1
        quantity = self.columns.at["lineitem quantity"]
        for cells, count, net in zip(rows, counts, nets, strict=True):
            line = list(cells)
            line[quantity] = f"-{cells[quantity].strip()}"
            counts_as = count if count == shopify.TIP else shopify.GIVEN_BACK
            self.refunds.append([*line, _show(-net, digits), counts_as])

    def _add_refund(self, first: list[str], net: int, digits: int) -> None:
        """One line below for what was refunded of an order, since nothing says for which item."""
        self._refunded += 1
        line = list(first)
        line[self.columns.at["lineitem quantity"]] = "-1"
        line[self.columns.at["lineitem name"]] = REFUND_ITEM
        self.refunds.append([*line, _show(-net, digits), shopify.GIVEN_BACK])


def _take_discount(lines: list[_Line], discount: int, subtotal: int, digits: int) -> list[int]:
    """Each line's amount after its share of the order's discount; together they are the subtotal.

    Whether the order's discount holds those of the lines, or is one of the shipping, its subtotal says.
    """
    for with_tips in (False, True):
        sold = [line for line in lines if with_tips or not line.is_tip]
        gross = sum(line.gross for line in sold)
        within = discount - sum(line.discount for line in sold)
        for rest in (discount, 0, within):
            if gross - rest == subtotal and 0 <= rest <= gross:
                parts = iter(share(rest, [line.gross for line in sold]))
                return [
                    line.gross - next(parts) if with_tips or not line.is_tip else line.gross
                    for line in lines
                ]
    raise UnclearOrderError(
        f"the lines add up to {_show(sum(line.gross for line in lines), digits)}, Subtotal is {_show(subtotal, digits)}"
    )


def _take_tax(
    lines: list[_Line],
    grosses: list[int],
    tax: int,
    shipping: int,
    total: int,
    subtotal: int,
    tips: int,
) -> list[int]:
    """Each line's amount without tax. Whether that is in the prices, the order's total says."""
    before = subtotal + shipping
    is_outside = total in (before + tax, before + tax + tips)
    is_inside = total in (before, before + tips)
    if not tax and is_outside:
        return grosses
    if is_outside == is_inside:
        raise UnclearOrderError("Total is not Subtotal, Shipping and Taxes, nor the first two")
    if is_outside:
        return grosses
    if shipping:
        raise UnclearOrderError("Taxes hold a share of Shipping that the file does not say")
    weights = [
        gross if line.is_taxable and not line.is_tip else 0
        for line, gross in zip(lines, grosses, strict=True)
    ]
    if not 0 <= tax < sum(weights):
        raise UnclearOrderError("Taxes are more than the lines that are taxed")
    return [gross - part for gross, part in zip(grosses, share(tax, weights), strict=True)]


def _refund_part(refunded: int, total: int, nets: list[int], tax: int, is_plain: bool) -> int:
    """What a refund of a part is without tax.

    That is in the proportion of the order, which is right where one rate holds for all of it.
    """
    net = sum(nets)
    if not 0 < refunded < total or not is_plain or net <= 0:
        raise UnclearOrderError("it is not clear what of Refunded Amount is for items, without tax")
    return (2 * refunded * net + net + tax) // (2 * (net + tax))


def _read_amount(text: str, name: str) -> Decimal:
    amount = read_decimal(text, DecimalSign.POINT)
    amount = read_decimal(text, DecimalSign.COMMA) if amount is None else amount
    if amount is None:
        raise UnclearOrderError(f"{name.capitalize()} of this order is not an amount")
    return amount


def _read_minor(text: str, digits: int, name: str) -> int:
    return _to_minor(_read_amount(text, name), digits, name)


def _to_minor(amount: Decimal, digits: int, name: str) -> int:
    minor = amount.scaleb(digits)
    if minor != int(minor):
        raise UnclearOrderError(f"{name.capitalize()} of this order has too many decimals")
    return int(minor)


def _show(minor: int, digits: int) -> str:
    return f"{Decimal(minor).scaleb(-digits):f}"


def _unguard(cell: str) -> str:
    """Without the apostrophe that keeps Excel from reading a number; that of 'Nduja stays."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in _GUARDED else cell
