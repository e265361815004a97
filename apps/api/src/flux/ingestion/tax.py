"""Whether amounts hold the tax: as the till has it, by columns that add up, or by the amount's own name.

It is told in the report and changes no figure. What neither the till, the columns nor the name say is not known.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from flux.ingestion.cells import DecimalSign, read_decimal
from flux.ingestion.decode import Record
from flux.ingestion.formats import Field
from flux.ingestion.meaning import PriceMeaning
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.recognise import Layout, normalise
from flux.ingestion.report import Conclusion
from flux.ingestion.words import TAXES, WITH_TAX, WITHOUT_TAX

SAMPLED_ROWS = 200
# Two columns that differ by a third in fewer rows than that may do so by chance.
_FEWEST_ROWS = 2


def take_samples(records: Iterable[Record], layout: Layout) -> tuple[tuple[str, ...], ...]:
    """The cells of the first rows below the header, if the report is unknown and has a column of taxes."""
    if layout.report is not None or not _find_taxes(layout):
        return ()
    width = len(layout.names)
    below = (
        tuple(each.cells[:width])
        for each in records
        if each.row_number > layout.header_row and not each.is_broken and layout.fits(each)
    )
    return tuple(islice(below, SAMPLED_ROWS))


def decide_tax(
    layout: Layout, amount: Field, meaning: PriceMeaning, sign: DecimalSign, minor_digits: int
) -> Conclusion:
    """Whether the `amount`, which is for one unit or the line, holds the tax, and how that is known."""
    if layout.report is not None:
        return _conclude(layout.report.tax, say(PhraseCode.TILL_EXPORTS_IT, layout.report.till))
    name, taxes = layout.name_of(amount), _find_taxes(layout)
    for tax in taxes:
        figures = list(_read_figures(layout, amount, meaning, tax, sign))
        for other, other_name in enumerate(layout.names):
            if other in {tax, layout.columns[amount]}:
                continue
            proved = _prove([(each[0], each[1], each[2][other]) for each in figures], minor_digits)
            if proved is None:
                continue
            is_outside, rows = proved
            return _conclude(
                say(PhraseCode.WITHOUT_TAX if is_outside else PhraseCode.HOLDS_TAX, name),
                say(
                    PhraseCode.WITH_TAX_IT_IS if is_outside else PhraseCode.WITHOUT_TAX_IT_IS,
                    layout.names[tax],
                    other_name,
                    str(rows),
                ),
            )
    words = normalise(name)
    if WITH_TAX.search(words):
        return _conclude(say(PhraseCode.HOLDS_TAX, name), say(PhraseCode.NAME_SAYS_SO))
    if WITHOUT_TAX.search(words):
        return _conclude(say(PhraseCode.WITHOUT_TAX, name), say(PhraseCode.NAME_SAYS_SO))
    because = (
        say(PhraseCode.TAX_UNRELATED, layout.names[taxes[0]])
        if taxes
        else say(PhraseCode.TAX_NOT_SHOWN)
    )
    return _conclude(say(PhraseCode.TAX_UNKNOWN, name), because)


def _conclude(decided: Said, because: Said) -> Conclusion:
    return Conclusion(what="tax", decided=decided, because=because)


def _find_taxes(layout: Layout) -> list[int]:
    taken = layout.columns.values()
    return [
        at for at, name in enumerate(layout.names) if at not in taken and normalise(name) in TAXES
    ]


def _read_figures(
    layout: Layout, amount: Field, meaning: PriceMeaning, tax: int, sign: DecimalSign
) -> Iterator[tuple[Decimal, Decimal, list[Decimal | None]]]:
    """The line's amount, its tax and what every column has, of each sampled row that has the first two."""
    for cells in layout.samples:
        numbers = [read_decimal(cell, sign) for cell in cells]
        line, taken = numbers[layout.columns[amount]], numbers[tax]
        if meaning is PriceMeaning.UNIT and Field.QUANTITY in layout.columns and line is not None:
            quantity = numbers[layout.columns[Field.QUANTITY]]
            line = None if quantity is None else line * quantity
        if line is not None and taken is not None:
            yield line, taken, numbers


def _prove(
    figures: list[tuple[Decimal, Decimal, Decimal | None]], minor_digits: int
) -> tuple[bool, int] | None:
    """Whether the other figure is the amount with the tax, and in how many rows; `None` if it is neither
    that nor the amount without it, in each of them.
    """
    rounding = Decimal(1).scaleb(-minor_digits)
    # What is no more than two roundings could be there or not.
    taxed = [each for each in figures if abs(each[1]) > 2 * rounding]
    for is_outside in (True, False):
        fits = [
            other is not None and abs(line + (tax if is_outside else -tax) - other) <= rounding
            for line, tax, other in taxed
        ]
        if len(fits) >= _FEWEST_ROWS and all(fits):
            return is_outside, len(fits)
    return None
