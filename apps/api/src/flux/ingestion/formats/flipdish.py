"""Flipdish: the sales data, a list of orders; its report of items has sums alone.

Seen in 9,749 real rows: `Gross sales` is after discounts and without tax; `Revenue` is gross sales, tax, tips
and `Charges` (within a cent), and `Charges` all the other charges together; discounts and refunds are
negative. An order refunded in full has no gross sales left. Orders that are not paid stay in the file. The last row has
the sums of all orders; the file stops at 5,000 orders, and those sums do not.
"""

from flux.ingestion.formats import ANY_OTHER, Field, Figure, OrderReport
from flux.ingestion.meaning import OPEN, SALE

REPORTS = (
    OrderReport(
        till="Flipdish",
        name="sales data",
        source="flipdish",
        signature=frozenset({"order id", "order time", "gross sales", "tax on gross sales", "revenue", "revenue after refunds", "payment method"}),
        columns={Field.ORDER: ("order id",), Field.MOMENT: ("order time",), Field.LINE_AMOUNT: ("gross sales",)},
        treatments={"payment method": {"unpaid": OPEN, ANY_OTHER: SALE}},
        figures={
            Figure.NET: ("gross sales",),
            Figure.TAX: ("tax on gross sales",),
            Figure.TIPS: ("tips",),
            Figure.CHARGES: ("charges",),
            Figure.DISCOUNTS: ("discounts",),
            Figure.REFUNDS: ("refunds",),
            Figure.TOTAL: ("revenue",),
        },
        cut_at=5_000,
    ),
)  # fmt: skip
