"""Clover: Line Items, and Orders.

Seen in code that reads real exports: no quantity (one row is one unit, `Per Unit Quantity` only weighs),
`Item Total` is after discounts, an order's discount shared among its lines, without tax; service
charge and gratuity are lines of their own; all lines of an order carry its time, with the zone's
abbreviation. The flags of refunds are known to miss some.

`Order Total` of Orders is with tax and without tip: real rows have 33.56, tax 3.56, tip 8.39, paid 33.56, and
30.00 is a price where 25.17 (without the tip) is not. Refunds stand beside it and are with tax too.
"""

from flux.ingestion.formats import Field, Figure, OrderReport, TillReport, WrongReport
from flux.ingestion.meaning import CHARGE, OPEN, SALE, PriceMeaning, Treatment
from flux.ingestion.phrases import PhraseCode, say

_WHERE = "In the Clover dashboard open Orders, choose Line items, and export them for the period."
_REFUNDED = Treatment(None, say(PhraseCode.REFUNDED))
_EXCHANGED = Treatment(None, say(PhraseCode.EXCHANGED))

REPORTS = (
    TillReport(
        till="Clover",
        name="Line Items",
        source="clover",
        signature=frozenset({"line item date", "order id", "item name", "item revenue", "item total", "order payment state"}),
        columns={
            Field.ORDER: ("order id",),
            Field.MOMENT: ("line item date",),
            Field.ITEM: ("item name",),
            Field.LINE_AMOUNT: ("item total",),
        },
        treatments={
            "order payment state": {"paid": SALE, "open": OPEN},
            "service charge": {"false": SALE, "true": CHARGE},
            "refunded": {"false": SALE, "true": _REFUNDED},
            "exchanged": {"false": SALE, "true": _EXCHANGED},
        },
        price=PriceMeaning.LINE,
        caution=say(PhraseCode.CLOVER_REFUNDS),
    ),
    OrderReport(
        till="Clover",
        name="Orders",
        source="clover",
        signature=frozenset({"order date", "order id", "order total", "payments total", "tax amount", "order payment state"}),
        columns={Field.ORDER: ("order id",), Field.MOMENT: ("order date",), Field.LINE_AMOUNT: ("order total",)},
        treatments={"order payment state": {"paid": SALE, "open": OPEN}},
        figures={
            Figure.TAX: ("tax amount",),
            Figure.TIPS: ("tip",),
            Figure.CHARGES: ("service charge",),
            Figure.DISCOUNTS: ("discount",),
            Figure.REFUNDS: ("refunds total", "manual refunds total"),
            Figure.TOTAL: ("order total",),
        },
    ),
)  # fmt: skip

WRONG = (
    WrongReport(
        till="Clover",
        name="Payments",
        signature=frozenset({"payment date", "payment id", "tender", "card entry type", "order id"}),
        why="it lists payments without what was sold",
        instead="Line Items",
        where=_WHERE,
    ),
)  # fmt: skip
