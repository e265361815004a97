"""What columns and values are called in exports that no file in `formats/` knows.

Synonyms are those seen in exports of tills and in spreadsheets, as `recognise.normalise` writes them.
"""

import re
from collections.abc import Mapping

from flux.ingestion.formats import Field
from flux.ingestion.meaning import (
    CANCELLED,
    CHARGE,
    DEFERRED,
    DELETED,
    OPEN,
    REFUND,
    SALE,
    TRAINING,
    VOIDED,
    Treatment,
)

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
WEAK_ITEMS = frozenset({"name", "description"})
ITEM_SIGNS = frozenset(
    {Field.QUANTITY, Field.CATEGORY, Field.VARIANT, Field.UNIT_PRICE, Field.PRICE}
)
QUANTITY_WORDS = re.compile(r"\b(?:qty|quantity|quantities|quant|units|pcs|pieces)\b|\bsold$")
# An amount that may as well be the order's, or hold the tax.
VAGUE_AMOUNTS = frozenset({"amount", "total", "total price"})

# Columns that change what a line means, and what their values make of it; a blank or a zero makes
# nothing of it. A value that is not named is not guessed at.
NO = dict.fromkeys(("false", "no", "n", "none"), SALE)
_YES = ("true", "yes", "y")


def _yes(treatment: Treatment) -> Mapping[str, Treatment]:
    return NO | dict.fromkeys(_YES, treatment)


_STATUS = dict.fromkeys(
    ("closed", "paid", "completed", "complete", "success", "sale", "approved", "ok"), SALE
) | {
    "open": OPEN, "unpaid": OPEN, "pending": OPEN,
    "cancelled": CANCELLED, "canceled": CANCELLED, "void": VOIDED, "voided": VOIDED,
}  # fmt: skip
_EVENT = {
    "payment": SALE, "sale": SALE, "sales": SALE, "refund": REFUND,
    "cancelled": CANCELLED, "canceled": CANCELLED, "void": VOIDED, "voided": VOIDED,
}  # fmt: skip
_ROW = _EVENT | {"item": SALE, "product": SALE}
TREATMENTS: Mapping[str, Mapping[str, Treatment]] = {
    "event type": _EVENT,
    "receipt type": _EVENT,
    "transaction type": _EVENT,
    "sale type": _EVENT,
    "line type": _ROW,
    "row type": _ROW,
    "status": _STATUS,
    "payment status": _STATUS,
    "payment state": _STATUS,
    "order status": _STATUS,
    "order state": _STATUS,
    "order payment state": _STATUS,
    "transaction status": _STATUS,
    "receipt status": _STATUS,
    "item status": _STATUS,
    "financial status": _STATUS,
    "deferred": _yes(DEFERRED),
    "deleted": _yes(DELETED),
    "training": _yes(TRAINING),
    "service charge": _yes(CHARGE),
    "void": _yes(VOIDED),
    "voided": _yes(VOIDED),
    "is void": _yes(VOIDED),
    "is voided": _yes(VOIDED),
    "cancelled": _yes(CANCELLED),
    "canceled": _yes(CANCELLED),
    "is cancelled": _yes(CANCELLED),
    "is canceled": _yes(CANCELLED),
}
MEANINGFUL_WORDS = re.compile(
    r"\b(?:void(?:s|ed)?|refund(?:s|ed)?|cancel(?:s|l?ed|lations?)?|return(?:s|ed)?|reversed|exchanged)\b"
)
# A column called “Type” is what kind of item it is, unless it says one of these.
NO_KINDS_OF_ITEM = frozenset(
    {"refund", "refunds", "refunded", "return", "returns", "returned", "void", "voids", "voided", "cancelled",
     "canceled", "cancellation", "split", "recall", "transfer", "float", "exchange"}
)  # fmt: skip
PLACES = frozenset(
    {"location", "location name", "store", "store name", "property name", "branch", "site", "outlet", "shop", "venue",
     "restaurant", "restaurant name"}
)  # fmt: skip
ZERO = re.compile(r"\W*0+(?:[.,]0+)?\W*")
DISCOUNT_WORDS = re.compile(
    r"\b(?:discounts?|discounted|discnt|disc|comps?|promos?|promotions?|vouchers?|rebates?)\b"
)
CURRENCIES = frozenset({"currency", "currency code"})
