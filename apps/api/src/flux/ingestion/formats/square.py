"""Square: Items Detail, from 14 columns to 35, and Transactions, by name, since columns move between versions.

Seen in real exports: amounts as `$8.00` and `-$9.00`, discounts negative, `Net Sales` after them and
without tax; a refund is a row of its own with its own transaction, negative in all figures; the time
zone is named as Ruby on Rails names it; `None` stands for no category.

In Transactions a row is a payment. Of an order that was paid in four parts each row had a quarter of its
sales, and the same transaction (developer.squareup.com, forum thread 6489, which also shows the words for
the status). `Partial Refunds` are amounts given back without items, negative. `Service Charges` stand before
`Net Sales`; whether they are in them, the total says.
"""

from flux.ingestion.formats import ANY_OTHER, Field, Figure, OrderReport, TillReport
from flux.ingestion.meaning import (
    CANCELLED,
    DEFERRED,
    OPEN,
    REFUND,
    SALE,
    VOIDED,
    PriceMeaning,
    Treatment,
)
from flux.ingestion.phrases import PhraseCode, say

_FAILED = Treatment(None, say(PhraseCode.PAYMENT_FAILED))

REPORTS = (
    TillReport(
        till="Square",
        name="Items Detail",
        source="square",
        signature=frozenset({"date", "time", "item", "qty", "price point name", "net sales", "transaction id", "event type"}),
        columns={
            Field.ORDER: ("transaction id",),
            Field.DATE: ("date",),
            Field.TIME: ("time",),
            Field.ZONE: ("time zone",),
            Field.ITEM: ("item",),
            Field.CATEGORY: ("category",),
            Field.VARIANT: ("price point name",),
            Field.QUANTITY: ("qty",),
            Field.LINE_AMOUNT: ("net sales",),
        },
        treatments={
            "event type": {"payment": SALE, "refund": REFUND},
            "itemization type": {"gift card": DEFERRED, ANY_OTHER: SALE},
        },
        price=PriceMeaning.LINE,
        nothing={Field.CATEGORY: "None"},
    ),
    OrderReport(
        till="Square",
        name="Transactions",
        source="square",
        signature=frozenset({"date", "time", "transaction id", "payment id", "net sales", "tip", "total collected", "net total", "card", "cash"}),
        columns={
            Field.ORDER: ("transaction id",),
            Field.DATE: ("date",),
            Field.TIME: ("time",),
            Field.ZONE: ("time zone",),
            Field.LINE_AMOUNT: ("net sales",),
        },
        treatments={
            "event type": {"payment": SALE, "refund": REFUND},
            "transaction status": {
                "complete": SALE, "awaiting capture": OPEN, "partially paid": OPEN, "failed": _FAILED,
                "canceled": CANCELLED, "voided": VOIDED,
            },
        },
        figures={
            Figure.NET: ("net sales", "partial refunds"),
            Figure.TAX: ("tax",),
            Figure.TIPS: ("tip",),
            Figure.CHARGES: ("service charges",),
            Figure.DISCOUNTS: ("discounts",),
            Figure.DEFERRED: ("gift card sales",),
            Figure.TOTAL: ("total collected",),
        },
        payment="payment id",
        tenders=("card", "cash", "square gift card", "other tender", "cash app"),
    ),
)  # fmt: skip
