"""DSFinV-K: the export for the tax office that every German till must have, a zip of several tables.

`reshape/dsfinvk.py` makes one table of `lines.csv`, `lines_vat.csv` and `transactions.csv`; the columns
that no file has are `Order`, `Net amount`, `Currency` and `Counts as`. A position that was voided at once
keeps its amount and has `P_STORNO` 1; a receipt that was cancelled later is followed by one with the
signs turned. `Z_ERSTELLUNG` is when the till was closed, not when anything was sold. What the claims of
`Forderungsentstehung` stand beside is not known well enough, so they refuse the file.
Sources: DSFinV-K 2.3, sections 4.2.1 to 4.2.5, appendices B (`BON_TYP`) and C (`GV_TYP`), published by the
Bundeszentralamt für Steuern, as quoted in
https://github.com/fiskaltrust/faq/blob/master/qna/DE-cancellation-receipt-DE.md and
https://docs.fiskaltrust.eu/docs/poscreators/middleware-doc/germany/dsfinv-k
"""

from flux.ingestion.formats import Field, TillReport, WrongReport
from flux.ingestion.meaning import (
    CANCELLED,
    CHARGE,
    DEFERRED,
    SALE,
    TRAINING,
    VOIDED,
    PriceMeaning,
    Treatment,
)
from flux.ingestion.phrases import PhraseCode, say

LINES, LINES_VAT, TRANSACTIONS = "lines.csv", "lines_vat.csv", "transactions.csv"
# Two of these names make a zip this export; the first three are those that are read.
FILES = (
    LINES,
    LINES_VAT,
    TRANSACTIONS,
    "cashpointclosing.csv",
    "datapayment.csv",
    "transactions_vat.csv",
)
OF_A_BON = ("Z_KASSE_ID", "Z_NR", "BON_ID")
COLUMNS = {
    LINES: (*OF_A_BON, "POS_ZEILE", "ARTIKELTEXT", "GV_TYP", "P_STORNO", "MENGE"),
    LINES_VAT: (*OF_A_BON, "POS_ZEILE", "POS_BRUTTO", "POS_NETTO", "POS_UST"),
    TRANSACTIONS: (*OF_A_BON, "BON_TYP", "BON_STORNO", "BON_ENDE"),
}
# The receipt's own sum, with tax; not every till fills it.
TOTAL = "UMS_BRUTTO"
ADDED = ("BON_TYP", "BON_ENDE", "Order", "Net amount", "Currency", "Counts as")
CURRENCY, CURRENCY_DIGITS = "EUR", 2
SOLD, TAKEN_BACK = "sale", "cancelled"
_CASH = Treatment(None, say(PhraseCode.CASH_MOVED))
BUSINESS_CASES = {
    "umsatz": SALE,
    "rabatt": SALE,
    "aufschlag": SALE,
    "pfand": CHARGE,
    "pfand rueckzahlung": CHARGE,
    "trinkgeld ag": CHARGE,
    "zuschuss unecht": CHARGE,
    "einzweckgutschein kauf": DEFERRED,
    "einzweckgutschein einloesung": DEFERRED,
    "mehrzweckgutschein kauf": DEFERRED,
    "mehrzweckgutschein einloesung": DEFERRED,
    "anzahlungseinstellung": DEFERRED,
    "anzahlungsaufloesung": DEFERRED,
    "trinkgeld an": Treatment(None, say(PhraseCode.STAFF_TIP)),
    "zuschuss echt": Treatment(None, say(PhraseCode.SUBSIDY)),
    "anfangsbestand": _CASH,
    "privatentnahme": _CASH,
    "privateinlage": _CASH,
    "geldtransit": _CASH,
    "lohnzahlung": _CASH,
    "einzahlung": _CASH,
    "auszahlung": _CASH,
    "differenz soll ist": _CASH,
}
# They change an amount and are no item, so that their quantity means nothing.
ADJUSTMENTS = frozenset({"rabatt", "aufschlag"})
_RECEIPTS = {
    "beleg": SALE,
    "avtraining": TRAINING,
    "avbelegabbruch": Treatment(None, say(PhraseCode.BROKEN_OFF)),
    "avbelegstorno": CANCELLED,
    "avbestellung": Treatment(None, say(PhraseCode.ONLY_ORDERED)),
    "avtransfer": Treatment(None, say(PhraseCode.MOVED)),
    "avrechnung": Treatment(None, say(PhraseCode.UNPAID_INVOICE)),
    "avsachbezug": Treatment(None, say(PhraseCode.GIVEN_TO_STAFF)),
    "avsonstige": Treatment(None, say(PhraseCode.NO_SALE)),
}

REPORTS = (
    TillReport(
        till="DSFinV-K",
        name="export for the tax office",
        source="dsfinvk",
        signature=frozenset({"bon id", "pos zeile", "artikeltext", "gv typ", "bon typ", "bon ende", "order", "net amount", "counts as"}),
        columns={
            Field.ORDER: ("order",),
            Field.MOMENT: ("bon ende",),
            Field.ITEM: ("artikeltext",),
            Field.CATEGORY: ("warengr",),
            Field.QUANTITY: ("menge",),
            Field.LINE_AMOUNT: ("net amount",),
        },
        treatments={
            "bon typ": _RECEIPTS,
            "gv typ": BUSINESS_CASES,
            "p storno": {"1": VOIDED},
            "counts as": {SOLD: SALE, TAKEN_BACK: CANCELLED},
        },
        price=PriceMeaning.LINE,
    ),
)  # fmt: skip

WRONG = (
    WrongReport(
        till="DSFinV-K",
        name="single table",
        signature=frozenset({"z kasse id", "z erstellung", "z nr"}),
        why="a table by itself does not have the items, their amounts and their times",
        instead="the whole zip of the DSFinV-K export",
        where="Send the zip as your till made it, without unpacking it.",
    ),
)
