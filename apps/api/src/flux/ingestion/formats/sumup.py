"""SumUp: Sales report, in English and German, of 2023 and of 2026.

Seen in code that reads real exports: prices are for the line; `Price (Net)` is without tax and may be
blank where there is none; a refund repeats the number of its sale, negative in all figures; its word
was `Refund` in German files too until January 2026; the German file has decimal points.
"""

from flux.ingestion.formats import Field, TillReport
from flux.ingestion.meaning import REFUND, SALE, PriceMeaning
from flux.ingestion.phrases import PhraseCode, say

_GERMAN = {
    "datum": "date",
    "typ": "type",
    "transaktionsnummer": "transaction id",
    "zahlungsmethode": "payment method",
    "menge": "quantity",
    "beschreibung": "description",
    "wahrung": "currency",
    "preis vor rabatt": "price before discount",
    "rabatt": "discount",
    "preis brutto": "price gross",
    "preis netto": "price net",
    "steuer": "tax",
    "steuersatz": "tax rate",
    "konto": "account",
    "verkauf": "sales",
    "ruckerstattung": "refund",
}

REPORTS = (
    TillReport(
        till="SumUp",
        name="Sales report",
        source="sumup",
        signature=frozenset({"date", "type", "transaction id", "quantity", "description", "price gross", "price net"}),
        columns={
            Field.ORDER: ("transaction id",),
            Field.DATE: ("date",),
            Field.TIME: ("time",),
            Field.ITEM: ("description",),
            Field.CATEGORY: ("category",),
            Field.QUANTITY: ("quantity",),
            Field.LINE_AMOUNT: ("price net",),
            Field.AMOUNT_INSTEAD: ("price gross",),
        },
        treatments={
            "type": {"sales": SALE, "sale": SALE, "refund": REFUND},
            "transaction refunded": {"false": SALE, "no": SALE},
        },
        price=PriceMeaning.LINE,
        tax=say(PhraseCode.TAX_OUTSIDE_OR_NONE),
        translations=({}, _GERMAN),
    ),
)  # fmt: skip
