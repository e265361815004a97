"""Which column is which, from a header in plain English.

Names are compared by their words: case, punctuation and blanks do not count. Where several columns
could be meant, the earlier name in the list wins; two columns with the very same name are not
guessed between, nor is a column passed over that seems to hold quantities. Synonyms are those seen
in exports of tills and in spreadsheets.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flux.ingestion.cells import fits_currency
from flux.ingestion.decode import Record
from flux.ingestion.report import Conclusion, refuse

HEADER_SEARCH_ROWS = 20
MAX_NAME_CHARS = 60


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
        "sold at", "order datetime", "transaction date time",
    ),
    Field.DATE: (
        "date", "order date", "transaction date", "sale date", "sales date", "business date", "sent date", "day",
    ),
    Field.TIME: ("time", "order time", "transaction time", "sale time", "time of day"),
    Field.ITEM: (
        "item name", "item", "menu item", "product name", "product", "description", "article", "item description",
        "dish", "name",
    ),
    Field.CATEGORY: ("category", "item category", "menu category", "product category", "sales category", "group", "type"),
    Field.VARIANT: ("variant", "size", "price point name", "variation", "portion"),
    Field.QUANTITY: (
        "quantity", "qty", "quantity sold", "qty sold", "units", "count", "item quantity",
        "item qty", "order quantity", "quantity ordered", "units sold", "number of items", "no of items", "item count",
        "pcs", "pieces",
    ),
    Field.LINE_AMOUNT: (
        "net sales", "net price", "net amount", "line total", "total price", "item total", "line amount", "amount",
        "total",
    ),
    Field.UNIT_PRICE: ("unit price", "price each", "price per unit", "item price", "product price", "price per item"),
    Field.PRICE: ("price", "selling price", "sale price"),
}  # fmt: skip

# In a list of orders these are a customer's name, or all that was ordered: an item only beside what items have.
_WEAK_ITEMS = frozenset({"name", "description"})
_ITEM_SIGNS = frozenset(
    {Field.QUANTITY, Field.CATEGORY, Field.VARIANT, Field.UNIT_PRICE, Field.PRICE}
)
_QUANTITY_WORDS = re.compile(r"\b(?:qty|quantity|quantities|quant|units|pcs|pieces)\b|\bsold$")
# An amount that may as well be the order's, or hold the tax.
VAGUE_AMOUNTS = frozenset({"amount", "total", "total price"})

# Columns that change what a line means, with the only values that do not: blank, zero and these.
_NO = ("false", "no", "n", "none")
_PAID = ("closed", "paid", "completed", "complete", "success", "sale", "approved", "ok")
_SALE = ("payment", "sale", "sales")
MEANINGFUL: Mapping[str, tuple[str, ...]] = {
    "event type": _SALE,
    "receipt type": _SALE,
    "transaction type": _SALE,
    "sale type": _SALE,
    "line type": (*_SALE, "item", "product"),
    "row type": (*_SALE, "item", "product"),
    "status": _PAID,
    "payment status": _PAID,
    "payment state": _PAID,
    "order status": _PAID,
    "order state": _PAID,
    "order payment state": _PAID,
    "transaction status": _PAID,
    "receipt status": _PAID,
    "item status": _PAID,
    "financial status": _PAID,
    "deferred": _NO,
    "deleted": _NO,
    "training": _NO,
    "service charge": _NO,
}
_MEANINGFUL_WORDS = re.compile(
    r"\b(?:void(?:s|ed)?|refund(?:s|ed)?|cancel(?:s|l?ed|lations?)?|return(?:s|ed)?|reversed|exchanged)\b"
)
# A column called “Type” is what kind of item it is, unless it says one of these.
_NO_KINDS_OF_ITEM = frozenset(
    {"refund", "refunds", "refunded", "return", "returns", "returned", "void", "voids", "voided", "cancelled",
     "canceled", "cancellation", "split", "recall", "transfer", "float", "exchange"}
)  # fmt: skip
PLACES = frozenset(
    {"location", "location name", "store", "store name", "property name", "branch", "site", "outlet", "shop", "venue",
     "restaurant", "restaurant name"}
)  # fmt: skip
_ZERO = re.compile(r"\W*0+(?:[.,]0+)?\W*")
_DISCOUNT_WORDS = re.compile(
    r"\b(?:discounts?|discounted|discnt|disc|comps?|promos?|promotions?|vouchers?|rebates?)\b"
)
CURRENCIES = frozenset({"currency", "currency code"})


@dataclass(frozen=True)
class Layout:
    """Where things stand in the file: the header's row and names, and the column of each field.

    `meaningful` has the values of a column that leave a line what it is, `places` and `discounts` are
    columns, `unclear` the names that could each be taken for one field.
    """

    header_row: int
    names: tuple[str, ...]
    columns: Mapping[Field, int]
    meaningful: Mapping[int, tuple[str, ...]]
    places: tuple[int, ...]
    discounts: tuple[int, ...]
    currencies: tuple[int, ...]
    unclear: tuple[str, ...]

    def fits(self, record: Record) -> bool:
        """Whether the record has a cell for every name, and nothing beyond them."""
        width = len(self.names)
        return len(record.cells) >= width and not any(cell.strip() for cell in record.cells[width:])

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

    Raises `FileRefusedError` (`needs_mapping`) with what is missing, or what could mean two things.
    """
    nearest: Layout | None = None
    for record in _opening(records):
        layout = _read_header(record)
        if not _missing(layout) and not layout.unclear:
            return layout
        if nearest is None or len(layout.columns) > len(nearest.columns):
            nearest = layout
    raise _refuse_header(nearest)


def show(text: str) -> str:
    """A cell as it can be shown and stored: short, and without control characters."""
    short = text.strip()[:MAX_NAME_CHARS]
    return "".join(sign if sign.isprintable() else " " for sign in short).strip()


def check_meaning(record: Record, layout: Layout, currency: str) -> None:
    """Raise `FileRefusedError` if the row is no plain sale in that currency."""
    cells, kind = record.cells, layout.columns.get(Field.CATEGORY)
    marked = [
        at
        for at, neutral in layout.meaningful.items()
        if (value := cells[at].strip().casefold())
        and value not in neutral
        and not _ZERO.fullmatch(value[:MAX_NAME_CHARS])
    ]
    if kind is not None and cells[kind].strip().casefold() in _NO_KINDS_OF_ITEM:
        marked.append(kind)
    if marked:
        raise refuse(
            "meaning_not_read_yet",
            f"Row {record.row_number} is marked in column “{layout.names[marked[0]]}” as something other than a plain"
            " sale. Flux does not read such rows yet, and will not count them as sales. Your file is kept.",
        )
    for at in layout.currencies:
        if cells[at].strip() and not fits_currency(cells[at], currency):
            raise refuse(
                "other_currency",
                f"Row {record.row_number} is in another currency than the restaurant's ({currency})."
                " Flux never adds up two currencies.",
            )


def normalise(name: str) -> str:
    """The words of a column's name in lower case, one blank between them: `itemName` has two."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _opening(records: Iterable[Record]) -> Iterable[Record]:
    for record in records:
        if record.row_number > HEADER_SEARCH_ROWS:
            return
        if not record.is_broken:
            yield record


def _read_header(record: Record) -> Layout:
    cells = list(record.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    words = [normalise(cell) for cell in cells]
    names = tuple(show(cell) for cell in cells)
    columns, unclear = _assign(words)
    meaningful = {
        at: MEANINGFUL.get(word, _NO) for at, word in enumerate(words) if _is_meaningful(word)
    }

    def find(is_wanted: Callable[[str], object]) -> tuple[int, ...]:
        return tuple(at for at, word in enumerate(words) if is_wanted(word))

    return Layout(
        header_row=record.row_number,
        names=names,
        columns=columns,
        meaningful=meaningful,
        places=find(PLACES.__contains__),
        discounts=find(_DISCOUNT_WORDS.search),
        currencies=find(CURRENCIES.__contains__),
        unclear=tuple(names[at] for at in unclear),
    )


def _is_meaningful(word: str) -> bool:
    return word in MEANINGFUL or bool(_MEANINGFUL_WORDS.search(word))


def _assign(words: list[str]) -> tuple[dict[Field, int], list[int]]:
    """The column of each field, and those columns between which only a guess could choose."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    columns: dict[Field, int] = {}
    unclear: list[int] = []
    for field, synonyms in SYNONYMS.items():
        taken = columns.values()
        found = [places[word] for word in synonyms if word in places]
        best = next((each for each in found if each[0] not in taken), [])
        if len(best) == 1:
            columns[field] = best[0]
        unclear += best[1:]
    if Field.QUANTITY not in columns and not unclear:
        unclear = [at for at, word in enumerate(words) if _QUANTITY_WORDS.search(word)]
    is_weak = Field.ITEM in columns and words[columns[Field.ITEM]] in _WEAK_ITEMS
    if is_weak and not _ITEM_SIGNS & columns.keys():
        del columns[Field.ITEM]
    # A date whose time stands elsewhere needs both columns; else the one that has both is enough.
    if Field.DATE in columns and Field.TIME in columns:
        columns.pop(Field.MOMENT, None)
    elif Field.MOMENT in columns:
        columns.pop(Field.DATE, None)
        columns.pop(Field.TIME, None)
    return columns, unclear


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
        return refuse("no_rows", "The file holds no rows. Export it from your till again.")
    sentences = []
    if missing := _missing(nearest):
        sentences.append(f"Flux did not find a column for {', nor for '.join(missing)}.")
    if nearest.unclear:
        names = ", ".join(f"“{name}”" for name in nearest.unclear[:5])
        sentences.append(
            f"It is not clear what these columns hold, or which of several is meant: {names}."
        )
    sentences.append("Give the columns other names in the first row and upload the file again.")
    return refuse("columns_not_recognised", " ".join(sentences), needs_mapping=True)
