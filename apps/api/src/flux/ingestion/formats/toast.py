"""Toast: Item Selection Details, in the shapes with 15, 20 and 32 columns, and Order Details.

Public pipelines read these files so: the business day closes at 4:00, voided lines stay in the file,
`Deferred` marks gift cards, `Order #` restarts every day. Whether prices are for a unit or the line
is nowhere said, so the rows decide. Tips, gratuity and refunds are in other reports. In Order Details
`Total` is `Amount`, `Tax`, `Tip` and `Gratuity` together.
https://doc.toasttab.com/doc/platformguide/adminDataExportOverview.html
"""

from flux.ingestion.formats import Field, Figure, OrderReport, TillReport, WrongReport
from flux.ingestion.meaning import DEFERRED, SALE, VOIDED
from flux.ingestion.phrases import PhraseCode, say

_WHERE = "In Toast Web open Reports, Sales, Item Selection Details, choose the period and export it as CSV."

REPORTS = (
    TillReport(
        till="Toast",
        name="Item Selection Details",
        source="toast",
        signature=frozenset({"order id", "sent date", "item id", "menu item", "net price", "qty", "void"}),
        columns={
            Field.ORDER: ("order id",),
            Field.ORDER_OF_DAY: ("order",),
            Field.MOMENT: ("order date", "sent date"),
            Field.ITEM: ("menu item",),
            Field.CATEGORY: ("sales category",),
            Field.QUANTITY: ("qty",),
            Field.LINE_AMOUNT: ("net price",),
            Field.PRICE: ("gross price",),
        },
        treatments={
            "void": {"false": SALE, "true": VOIDED},
            "deferred": {"false": SALE, "true": DEFERRED},
        },
        price=None,
        tax=say(PhraseCode.TAX_ON_TOP_UNKNOWN),
        caution=say(PhraseCode.TOAST_OTHER_REPORTS),
    ),
    OrderReport(
        till="Toast",
        name="Order Details",
        source="toast",
        signature=frozenset({"order id", "opened", "amount", "tip", "gratuity", "total", "voided"}),
        columns={Field.ORDER: ("order id",), Field.MOMENT: ("opened",), Field.LINE_AMOUNT: ("amount",)},
        treatments={"voided": {"false": SALE, "true": VOIDED}},
        figures={
            Figure.NET: ("amount",),
            Figure.TAX: ("tax",),
            Figure.TIPS: ("tip",),
            Figure.CHARGES: ("gratuity",),
            Figure.DISCOUNTS: ("discount amount",),
            Figure.TOTAL: ("total",),
        },
        caution=say(PhraseCode.TOAST_REFUNDS),
    ),
)  # fmt: skip

WRONG = (
    WrongReport(
        till="Toast",
        name="Product Mix",
        signature=frozenset({"master id", "item id", "menu item", "avg price", "item qty incl voids"}),
        why="it adds up each item over the whole period, without single sales and their times",
        instead="Item Selection Details",
        where=_WHERE,
    ),
    WrongReport(
        till="Toast",
        name="Payment Details",
        signature=frozenset({"payment id", "order id", "paid date", "check id", "swiped card amount"}),
        why="it lists payments without what was sold",
        instead="Item Selection Details",
        where=_WHERE,
    ),
    WrongReport(
        till="Toast",
        name="Check Details",
        signature=frozenset({"opened date", "opened time", "item description"}),
        why="it puts all items of a check into one cell, without their prices",
        instead="Item Selection Details",
        where=_WHERE,
    ),
    WrongReport(
        till="Toast",
        name="Modifier Selection Details",
        signature=frozenset({"sent date", "modifier", "option group name", "parent menu selection"}),
        why="it lists what was added to items, not the items",
        instead="Item Selection Details",
        where=_WHERE,
    ),
)  # fmt: skip
