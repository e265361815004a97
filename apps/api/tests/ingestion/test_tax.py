"""Whether amounts hold tax is said with its evidence, or said to be not known; it is never guessed."""

import io
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from flux.ingestion.report import Conclusion
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack
from flux.ingestion.words import WITH_TAX, WITHOUT_TAX
from owner import Owner

GERMANY = Restaurant(ZoneInfo("Europe/Berlin"), "DE", "EUR", time(4))
HEADER = "Order ID,Date,Time,Item,"
LINE = "{n},2026-05-01,12:0{n},Soup,"
PROVED = ", in each of the first rows that have tax: 2"


def conclude(content: str) -> Conclusion:
    with unpack(io.BytesIO(content.encode()), GERMANY) as table:
        said = decide_reading(table.file, GERMANY).conclusions()
    (found,) = (each for each in said if each.what == "tax")
    return found


def file_of(header: str, *rows: str) -> str:
    lines = [LINE.format(n=n) + row for n, row in enumerate(rows, start=1)]
    return "\n".join([HEADER + header, *lines, ""])


@pytest.mark.parametrize(
    ("content", "decided", "because"),
    [
        (file_of("Total,VAT,Gross", "10.00,1.90,11.90", "5.00,0.35,5.35", "2.00,0.00,2.00"), "“Total” is without tax", "with “VAT” it is “Gross”" + PROVED),
        (file_of("Total,VAT,Goods", "11.90,1.90,10.00", "5.35,0.35,5.00"), "“Total” holds tax", "without “VAT” it is “Goods”" + PROVED),
        # A refund, a cent of rounding, and a row of which a cell cannot be read.
        (file_of("Total,VAT,Gross", "-10.00,-1.90,-11.90", "5.00,0.35,5.36", "1.00,free,1.00"), "“Total” is without tax", "with “VAT” it is “Gross”" + PROVED),
        (file_of("Quantity,Unit price,Tax,To pay", "2,5.00,1.90,11.90", "1,5.00,0.35,5.35"), "“Unit price” is without tax", "with “Tax” it is “To pay”" + PROVED),
        # What adds up is worth more than a name.
        (file_of("Net sales,VAT,Goods", "11.90,1.90,10.00", "5.35,0.35,5.00"), "“Net sales” holds tax", "without “VAT” it is “Goods”" + PROVED),
        # One row may be chance, and one that does not fit is enough.
        (file_of("Total,VAT,Gross", "10.00,1.90,11.90"), "not known whether “Total” holds tax", "the file does not show how “VAT” goes with it"),
        (file_of("Total,VAT,Paid", "10.00,1.90,11.90", "5.00,0.35,5.35", "5.00,0.35,6.00"), "not known whether “Total” holds tax", "the file does not show how “VAT” goes with it"),
        (file_of("Net sales", "10.00"), "“Net sales” is without tax", "its name says so"),
        (file_of("Netto", "10.00"), "“Netto” is without tax", "its name says so"),
        (file_of("Price", "10.00"), "not known whether “Price” holds tax", "the file does not show a word of tax in its name"),
    ],
)  # fmt: skip
def test_what_of_an_unknown_till_holds_tax_is_said_with_its_evidence(
    content: str, decided: str, because: str
) -> None:
    found = conclude(content)
    assert (found.decided, found.because) == (decided, because)


@pytest.mark.parametrize(
    ("names", "holds"),
    [
        (("total incl tax", "preis brutto", "preis inkl mwst", "montant ttc", "importe iva incluido", "importe con iva", "prezzo iva inclusa", "valor com iva", "prijs incl btw", "net price incl vat", "price inc vat", "brutto"), True),
        (("sales exc tax", "net amount", "nettobetrag", "montant ht", "montant hors taxe", "preis ohne mwst", "preis zzgl mwst", "importe sin iva", "senza iva", "sem iva", "zonder btw", "excl btw", "netto omzet", "before tax"), False),
        # Before discounts, with a tip, or nothing at all: none says a word of tax.
        (("gross sales", "ventas brutas", "total incl tip", "total inc service", "amount", "with sauce", "tax"), None),
    ],
)  # fmt: skip
def test_the_words_of_tax_in_a_name(names: tuple[str, ...], holds: bool | None) -> None:
    for name in names:
        is_in = bool(WITH_TAX.search(name))
        is_out = not is_in and bool(WITHOUT_TAX.search(name))
        assert (is_in, is_out) == (holds is True, holds is False), name


async def test_the_report_has_it_for_an_amount_that_its_owner_chose(owner: Owner) -> None:
    upload = await owner.upload(file_of("Preis (brutto)", "11.90", "5.35"))
    chosen = {"order_number": 1, "date": 2, "time": 3, "item": 4, "line_amount": 5}
    await owner.client.put(f"/api/data/uploads/{upload['id']}/mapping", json={"columns": chosen})
    await owner.work()
    done = (await owner.client.get(f"/api/data/uploads/{upload['id']}")).json()
    assert done["report"]["net_minor"] == 1725
    (tax,) = (each for each in done["report"]["conclusions"] if each["what"] == "tax")
    assert (tax["decided"], tax["because"]) == ("“Preis (brutto)” holds tax", "its name says so")
