"""Shopify: the export of orders.

Seen in code that reads real exports: an order has a row for each line item, and only its first row has
the order's own cells; `Lineitem price` is for one unit; `Subtotal` is after discounts; there are no
negative rows, only `Refunded Amount`, without a date. `reshape/shopify.py` fills the cells and works out
`Net amount` and `Counts as`, which no export has.
"""

from flux.ingestion.formats import ANY_OTHER, Field, TillReport
from flux.ingestion.meaning import CANCELLED, CHARGE, OPEN, REFUND, SALE, VOIDED, PriceMeaning
from flux.ingestion.phrases import PhraseCode, say

# The columns by which the export is known as Shopify sends it.
SENT = frozenset(
    {"name", "financial status", "currency", "subtotal", "shipping", "taxes", "total", "discount amount", "created at",
     "lineitem quantity", "lineitem name", "lineitem price"}
)  # fmt: skip
# What only the first row of an order says, but holds for all of them.
OF_THE_ORDER = ("financial status", "currency", "created at", "cancelled at", "location")
NET, COUNTS_AS = "Net amount", "Counts as"
SOLD, TIP, GIVEN_BACK = "sale", "tip", "refund"
TIPS = frozenset({"tip", "tips", "gratuity"})
STATUSES = {
    "paid": SALE,
    "refunded": SALE,
    "partially refunded": SALE,
    "pending": OPEN,
    "unpaid": OPEN,
    "authorized": OPEN,
    "partially paid": OPEN,
    "expired": OPEN,
    "voided": VOIDED,
}

REPORTS = (
    TillReport(
        till="Shopify",
        name="Orders",
        source="shopify",
        signature=frozenset({"name", "financial status", "created at", "lineitem quantity", "lineitem name", "net amount", "counts as"}),
        columns={
            Field.ORDER: ("name",),
            Field.MOMENT: ("created at",),
            Field.ITEM: ("lineitem name",),
            Field.QUANTITY: ("lineitem quantity",),
            Field.LINE_AMOUNT: ("net amount",),
        },
        treatments={
            "financial status": STATUSES,
            "cancelled at": {ANY_OTHER: CANCELLED},
            "counts as": {SOLD: SALE, TIP: CHARGE, GIVEN_BACK: REFUND},
        },
        price=PriceMeaning.LINE,
        caution=say(PhraseCode.SHOPIFY_REFUNDS),
    ),
)  # fmt: skip
