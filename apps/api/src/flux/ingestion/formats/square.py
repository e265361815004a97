"""Square: Items Detail, from 14 columns to 35, by name, since columns move between versions.

Seen in real exports: amounts as `$8.00` and `-$9.00`, discounts negative, `Net Sales` after them and
without tax; a refund is a row of its own with its own transaction, negative in all figures; the time
zone is named as Ruby on Rails names it; `None` stands for no category.
"""

from flux.ingestion.formats import ANY_OTHER, Field, TillReport, WrongReport
from flux.ingestion.meaning import DEFERRED, REFUND, SALE, PriceMeaning

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
)  # fmt: skip

WRONG = (
    WrongReport(
        till="Square",
        name="Transactions",
        signature=frozenset({"transaction id", "payment id", "total collected", "net total", "card", "cash"}),
        why="it lists payments without what was sold",
        instead="Items Detail",
        where="In the Square Dashboard open Reports, Item sales, press Export and choose Items Detail CSV.",
    ),
)  # fmt: skip
