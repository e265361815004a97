"""Loyverse: Receipts by item, in the language of the account (English, Indonesian, Spanish), and Receipts.

Seen in 7,516 real lines: `Net sales` is `Gross sales` less `Discounts` and without tax that is added
on top; a refund is a receipt of its own, negative in all figures; cancelled receipts stay in the file;
equal lines in one receipt are real. Receipt numbers are unique in a store.

Receipts: `Total collected` was `Net sales`, `Taxes` and `Tips` in all of 4,084, whose lines came to `Net sales`.
Its names for the total and the payment were never seen in another language; only the English header is known.
The Spanish words are those of public code that writes the same report; no real file was at hand.
"""

from flux.ingestion.formats import Field, Figure, OrderReport, TillReport, WrongReport
from flux.ingestion.meaning import CANCELLED, REFUND, SALE, PriceMeaning
from flux.ingestion.phrases import PhraseCode, say

_WHERE = (
    "In the Loyverse Back Office open Reports, Receipts, press Export and choose Receipts by item."
)
_TAX = say(PhraseCode.TAX_ON_TOP_OUTSIDE)
_INDONESIAN = {
    "tanggal": "date",
    "nomor struk": "receipt number",
    "jenis struk": "receipt type",
    "kategori": "category",
    "barang": "item",
    "varian": "variant",
    "kuantitas": "quantity",
    "penjualan kotor": "gross sales",
    "diskon": "discounts",
    "penjualan bersih": "net sales",
    "pajak": "taxes",
    "toko": "store",
    "keadaan": "status",
    "penjualan": "sale",
    "ditutup": "closed",
}  # fmt: skip

_SPANISH = {
    "fecha": "date",
    "numero de recibo": "receipt number",
    "tipo de recibo": "receipt type",
    "categoria": "category",
    "articulo": "item",
    "variante": "variant",
    "cantidad": "quantity",
    "ventas brutas": "gross sales",
    "descuentos": "discounts",
    "ventas netas": "net sales",
    "impuestos": "taxes",
    "tienda": "store",
    "estado": "status",
    "venta": "sale",
    "reembolso": "refund",
    "cerrado": "closed",
    "cancelado": "cancelled",
}  # fmt: skip

REPORTS = (
    TillReport(
        till="Loyverse",
        name="Receipts by item",
        source="loyverse",
        signature=frozenset({"date", "receipt number", "receipt type", "item", "quantity", "net sales", "status"}),
        columns={
            Field.ORDER: ("receipt number",),
            Field.MOMENT: ("date",),
            Field.ITEM: ("item",),
            Field.CATEGORY: ("category",),
            Field.VARIANT: ("variant",),
            Field.QUANTITY: ("quantity",),
            Field.LINE_AMOUNT: ("net sales",),
        },
        treatments={
            "receipt type": {"sale": SALE, "refund": REFUND},
            "status": {"closed": SALE, "cancelled": CANCELLED},
        },
        price=PriceMeaning.LINE,
        tax=_TAX,
        translations=({}, _INDONESIAN, _SPANISH),
    ),
    OrderReport(
        till="Loyverse",
        name="Receipts",
        source="loyverse",
        signature=frozenset({"date", "receipt number", "receipt type", "net sales", "total collected", "payment type", "status"}),
        columns={Field.ORDER: ("receipt number",), Field.MOMENT: ("date",), Field.LINE_AMOUNT: ("net sales",)},
        treatments={
            "receipt type": {"sale": SALE, "refund": REFUND},
            "status": {"closed": SALE, "cancelled": CANCELLED},
        },
        figures={
            Figure.NET: ("net sales",),
            Figure.TAX: ("taxes",),
            Figure.TIPS: ("tips",),
            Figure.DISCOUNTS: ("discounts",),
            Figure.TOTAL: ("total collected",),
        },
        tax=_TAX,
    ),
)  # fmt: skip

WRONG = (
    WrongReport(
        till="Loyverse",
        name="Sales by item",
        signature=frozenset({"item name", "items sold", "items refunded", "net sales"}),
        why="it adds up each item over the whole period, without single sales and their times",
        instead="Receipts by item",
        where=_WHERE,
    ),
    WrongReport(
        till="Loyverse",
        name="Sales summary",
        signature=frozenset({"date", "gross sales", "refunds", "net sales", "gross profit", "margin"}),
        why="it has one row a day, without single sales and their times",
        instead="Receipts by item",
        where=_WHERE,
    ),
)  # fmt: skip
