"""Lightspeed Retail, X-Series, which was called Vend: the sales history, with 20 columns, and 22 since 2025.

Seen in code that reads real exports, of which one measured 220,991 lines: a sale has a row `Sale` with its
sum and its status, one `Sale Line` for each item and one `Payment` for each payment, all with the number
and the time; in every line `Total` is `Subtotal` and `Sales Tax`, and `Discount` is in both already; equal lines
are real; a `Sale` row may come twice; numbers are used again on other days; there is no outlet. Amounts
have up to five decimals, or a currency sign and two. Lightspeed's own support wrote such files with the
price of one unit as `Subtotal` of a line, so `reshape/lightspeed.py` lets the sum of the sale decide, and
works out `Net amount` and `Counts as`, which no export has.
Status: https://x-series-api.lightspeedhq.com/docs/sales_statuses and /docs/sales_states_and_attributes
"""

from flux.ingestion.formats import Field, TillReport, WrongReport
from flux.ingestion.meaning import OPEN, SALE, VOIDED, PriceMeaning, Treatment
from flux.ingestion.phrases import PhraseCode, say

# The columns by which the export is known as Lightspeed sends it.
SENT = frozenset(
    {"date", "receipt number", "line type", "quantity", "subtotal", "sales tax", "total", "paid", "details", "status",
     "sku"}
)  # fmt: skip
HEADING, LINE, PAYMENT = "sale", "sale line", "payment"
NET, COUNTS_AS = "Net amount", "Counts as"
SOLD, NOT_PAID = "sale", "open"
# Goods or money are still to come: sold as soon as the payments in the file come to the total.
PENDING = frozenset({"onaccount", "layby", "awaiting pickup", "awaiting dispatch", "service"})
_CLOSED = (
    "closed",
    "onaccount closed",
    "layby closed",
    "picked up closed",
    "dispatched closed",
    "service closed",
)

REPORTS = (
    TillReport(
        till="Lightspeed Retail",
        name="Sales history",
        source="lightspeed",
        signature=frozenset({"date", "receipt number", "line type", "details", "status", "net amount", "counts as"}),
        columns={
            Field.ORDER: ("receipt number",),
            Field.MOMENT: ("date",),
            Field.ITEM: ("details",),
            Field.QUANTITY: ("quantity",),
            Field.LINE_AMOUNT: ("net amount",),
        },
        treatments={
            "line type": {
                HEADING: Treatment(None, say(PhraseCode.SUM_OF_SALE)),
                LINE: SALE,
                PAYMENT: Treatment(None, say(PhraseCode.A_PAYMENT)),
            },
            "status": dict.fromkeys((*_CLOSED, *PENDING), SALE) | {"saved": OPEN, "open": OPEN, "voided": VOIDED},
            "counts as": {SOLD: SALE, NOT_PAID: OPEN},
        },
        price=PriceMeaning.LINE,
        caution=say(PhraseCode.LIGHTSPEED_OUTLETS),
    ),
)  # fmt: skip

WRONG = (
    WrongReport(
        till="Lightspeed Retail",
        name="product export",
        signature=frozenset({"handle", "sku", "supply price", "retail price", "loyalty value"}),
        why="it lists products and their prices, without sales",
        instead="Sales history",
        where="In Lightspeed Retail open the Sales history, choose the period, and export the list.",
    ),
)
