"""Which of several tables hold sales: by their headers, also of those that are made into another first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from flux.ingestion.choice import Choice
from flux.ingestion.decode import Record
from flux.ingestion.formats import Field, OrderReport, lightspeed, shopify
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.recognise import (
    HEADER_SEARCH_ROWS,
    HeaderUnclearError,
    normalise,
    recognise_header,
)

# An item, a date and an amount.
_FEWEST_NAMES = 3


@dataclass(frozen=True)
class Header:
    """Where the columns are named, and how; `kind` is the report's name, and known if it is a till's.
    `has_lines` is false for a list of orders.

    `order` and `day` are the columns with the order number and the date, as far as there are any.
    """

    row: int
    words: tuple[str, ...]
    kind: str
    is_known: bool
    order: int | None
    day: int | None
    has_lines: bool = True

    @property
    def why_left_out(self) -> Said:
        """What is said of a list of orders beside its lines."""
        return say(PhraseCode.LIST_OF_ORDERS, self.kind)


def find_header(records: Iterable[Record], choices: Mapping[str, Choice]) -> Header:
    """The header of a table of sales. Raises `FileRefusedError` as `recognise_header` does."""
    opening = list(takewhile(lambda each: each.row_number <= HEADER_SEARCH_ROWS, records))
    for record in opening:
        words = tuple(map(normalise, record.cells))
        if set(words) >= shopify.SENT:
            return Header(
                record.row_number, words, "Shopify, Orders", True, words.index("name"), None
            )
        if set(words) >= lightspeed.SENT:
            kind = "Lightspeed Retail, Sales history"
            order, day = words.index("receipt number"), words.index("date")
            return Header(record.row_number, words, kind, True, order, day)
    layout = recognise_header(opening, choices)
    report, columns = layout.report, layout.columns
    return Header(
        layout.header_row,
        tuple(map(normalise, layout.names)),
        say(PhraseCode.REPORT, report.till, report.name) if report else say(PhraseCode.SALES_LIST),
        report is not None,
        columns.get(Field.ORDER),
        columns.get(Field.MOMENT, columns.get(Field.DATE)),
        not isinstance(report, OrderReport),
    )


def find_header_to_ask(unclear: HeaderUnclearError) -> Header | None:
    """The header of which an owner could say which column is which, if it has names enough for that."""
    nearest = unclear.nearest
    if len(nearest.names) < _FEWEST_NAMES:
        return None
    words = tuple(map(normalise, nearest.names))
    return Header(
        nearest.header_row, words, "a table whose columns are to be chosen", False, None, None
    )
