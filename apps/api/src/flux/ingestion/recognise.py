"""Which column is which, from a header in plain English.

Names are compared by their words: case, punctuation and blanks do not count. Where several columns
could be meant, the earlier name in the list wins; two columns with the very same name are not
guessed between. Synonyms are those seen in exports of tills and in spreadsheets.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flux.ingestion.decode import Record
from flux.ingestion.report import Conclusion, refuse

HEADER_SEARCH_ROWS = 20


class Field(StrEnum):
    """What Flux wants to know of a sold line."""

    ORDER = "order number"
    MOMENT = "date and time"
    DATE = "date"
    TIME = "time"
    ITEM = "item"
    CATEGORY = "category"
    VARIANT = "variant"
    QUANTITY = "quantity"
    LINE_AMOUNT = "line amount"
    UNIT_PRICE = "unit price"
    PRICE = "price"


# In order of preference. `PRICE` is a price of which the name does not say whether it is a unit's.
SYNONYMS: Mapping[Field, tuple[str, ...]] = {
    Field.ORDER: (
        "order id", "order number", "order no", "transaction id", "transaction number", "receipt number", "receipt id",
        "receipt no", "receipt", "check id", "check number", "check no", "invoice number", "invoice no", "invoice",
        "order", "transaction", "bill number", "ticket number", "id",
    ),
    Field.MOMENT: (
        "date time", "datetime", "date and time", "timestamp", "order date time", "order time and date", "created at",
        "sold at", "sent date", "order datetime", "transaction date time",
    ),
    Field.DATE: ("date", "order date", "transaction date", "sale date", "sales date", "business date", "day"),
    Field.TIME: ("time", "order time", "transaction time", "sale time", "time of day"),
    Field.ITEM: (
        "item name", "item", "menu item", "product name", "product", "description", "article", "item description",
        "dish", "name",
    ),
    Field.CATEGORY: ("category", "item category", "menu category", "product category", "sales category", "group", "type"),
    Field.VARIANT: ("variant", "size", "price point name", "variation", "portion"),
    Field.QUANTITY: ("quantity", "qty", "quantity sold", "qty sold", "units", "count"),
    Field.LINE_AMOUNT: (
        "net sales", "net price", "net amount", "line total", "total price", "item total", "line amount", "amount",
        "total",
    ),
    Field.UNIT_PRICE: ("unit price", "price each", "price per unit", "item price", "product price", "price per item"),
    Field.PRICE: ("price", "selling price", "sale price"),
}  # fmt: skip

# Columns that change what a line means, with the only values that do not. `None`: one value in the
# whole file. `()`: must be blank or zero where the amount comes from a price before discounts.
MEANINGFUL: Mapping[str, tuple[str, ...] | None] = {
    "void": ("", "false", "no", "0", "n"),
    "voided": ("", "false", "no", "0", "n"),
    "refunded": ("", "false", "no", "0", "n"),
    "refund status": ("", "none", "no"),
    "cancelled": ("", "false", "no", "0", "n"),
    "cancelled at": ("",),
    "event type": ("", "payment", "sale"),
    "receipt type": ("", "sale"),
    "transaction type": ("", "sale", "payment"),
    "status": ("", "closed", "paid", "completed", "complete", "success"),
    "payment status": ("", "paid", "completed"),
    "order payment state": ("", "paid"),
    "financial status": ("", "paid"),
    "deferred": ("", "false", "no", "0"),
    "service charge": ("", "false", "no", "0", "0.00"),
    "location": None,
    "store": None,
    "property name": None,
}
DISCOUNTS = frozenset(
    {
        "discount",
        "discounts",
        "discount amount",
        "discnt",
        "total discount",
        "order discount",
    }
)
CURRENCIES = frozenset({"currency", "currency code"})


@dataclass(frozen=True)
class Layout:
    """Where things stand in the file: the header's row and names, and the column of each field."""

    header_row: int
    names: tuple[str, ...]
    columns: Mapping[Field, int]
    meaningful: Mapping[int, tuple[str, ...] | None]
    discount: int | None
    currency: int | None

    def name_of(self, field: Field) -> str:
        """The file's own name for the column."""
        return self.names[self.columns[field]]

    def conclusions(self) -> list[Conclusion]:
        return [
            Conclusion(
                what=str(field),
                decided=f"column “{self.names[column]}”",
                because="of its name",
            )
            for field, column in self.columns.items()
        ]


def recognise_header(records: Iterable[Record]) -> Layout:
    """The layout by the first of the opening rows that names an item, a date and an amount.

    Raises `FileRefusedError` (`needs_mapping`) with what is missing, or what is there twice.
    """
    nearest: Layout | None = None
    for record in _opening(records):
        layout = _read_header(record)
        if not _missing(layout):
            return layout
        if nearest is None or len(layout.columns) > len(nearest.columns):
            nearest = layout
    raise _refuse_header(nearest)


def normalise(name: str) -> str:
    """The words of a column's name in lower case, one blank between them."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _opening(records: Iterable[Record]) -> Iterable[Record]:
    for record in records:
        if record.row_number > HEADER_SEARCH_ROWS:
            return
        yield record


def _read_header(record: Record) -> Layout:
    names = tuple(cell.strip() for cell in record.cells)
    while names and not names[-1]:
        names = names[:-1]
    words = [normalise(name) for name in names]
    columns: dict[Field, int] = {}
    for field, synonyms in SYNONYMS.items():
        for synonym in synonyms:
            if words.count(synonym) > 1:
                break
            if synonym in words and words.index(synonym) not in columns.values():
                columns[field] = words.index(synonym)
                break
    if Field.DATE in columns:
        columns.pop(Field.MOMENT, None)
    return Layout(
        header_row=record.row_number,
        names=names,
        columns=columns,
        meaningful={
            at: MEANINGFUL[word] for at, word in enumerate(words) if word in MEANINGFUL
        },
        discount=next((at for at, word in enumerate(words) if word in DISCOUNTS), None),
        currency=next(
            (at for at, word in enumerate(words) if word in CURRENCIES), None
        ),
    )


def _missing(layout: Layout) -> list[str]:
    has = layout.columns
    missing = []
    if Field.DATE not in has and Field.MOMENT not in has:
        missing.append("the date (for example “Date”)")
    if Field.ITEM not in has:
        missing.append("the item (for example “Item name”)")
    if not {Field.LINE_AMOUNT, Field.UNIT_PRICE, Field.PRICE} & has.keys():
        missing.append("the amount (for example “Price” or “Net sales”)")
    return missing


def _refuse_header(nearest: Layout | None) -> Exception:
    if nearest is None:
        return refuse(
            "no_rows", "The file holds no rows. Export it from your till again."
        )
    missing = _missing(nearest)
    words = [normalise(name) for name in nearest.names]
    twice = sorted(
        {name for name in nearest.names if name and words.count(normalise(name)) > 1}
    )
    detail = f"Flux did not find a column for {', nor for '.join(missing)}."
    if twice:
        detail += f" These names stand there twice, so it is not clear which is meant: {', '.join(twice)}."
    detail += (
        " Give the columns these names in the first row and upload the file again."
    )
    return refuse("columns_not_recognised", detail, needs_mapping=True)
