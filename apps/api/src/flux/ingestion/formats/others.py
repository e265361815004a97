"""Reports of other tills, and of any till, that cannot be sales history."""

from flux.ingestion.formats import WrongReport

_ANY = "the list of single sales, with a date, a time and the item on each line"
_LOOK = "Look in your till for an export of receipts, transactions or sold items “with details”."

WRONG = (
    WrongReport(
        till="Orderbird",
        name="Z-report",
        signature=frozenset({"z report"}),
        why="it has the sums of a day, without single sales",
        instead="DSFinV-K",
        where="In Orderbird open the export for the tax office (DSFinV-K).",
    ),
    # Seen in code that reads real exports, with tabs and with commas.
    WrongReport(
        till="Epos Now",
        name="Sales by Product",
        signature=frozenset({"product id", "name", "order code", "measured qty", "value"}),
        why="it adds up each product over the whole period, without single sales and their times",
        instead=_ANY,
        where=_LOOK,
    ),
    WrongReport(
        till="your till",
        name="product report",
        signature=frozenset({"menu item name", "menu category", "qty sold"}),
        why="it adds up each item over the whole period, without single sales and their times",
        instead=_ANY,
        where=_LOOK,
    ),
)
