"""The DSFinV-K zip of a German till: positions, their VAT and their receipts are one table, or it is refused."""

import io
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archives import pack
from flux.ingestion.formats.dsfinvk import BUSINESS_CASES
from flux.ingestion.inspect import inspect_file
from flux.ingestion.meaning import Treatment
from flux.ingestion.parse import Rejection, read_lines
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
GERMANY = Restaurant(ZoneInfo("Europe/Berlin"), "DE", "EUR", time(4))
KEY = "till-1;2026-09-10T22:00:00.000Z;7;"
HEADERS = {
    "lines.csv": "Z_KASSE_ID;Z_ERSTELLUNG;Z_NR;BON_ID;POS_ZEILE;ARTIKELTEXT;GV_TYP;P_STORNO;MENGE",
    "lines_vat.csv": "Z_KASSE_ID;Z_ERSTELLUNG;Z_NR;BON_ID;POS_ZEILE;UST_SCHLUESSEL;POS_BRUTTO;POS_NETTO;POS_UST",
    "transactions.csv": "Z_KASSE_ID;Z_ERSTELLUNG;Z_NR;BON_ID;BON_TYP;BON_STORNO;BON_ENDE",
}
Members = dict[str, bytes | str]


def export(lines: list[str], vat: list[str], receipts: list[str] | None = None) -> Members:
    """The files of an export; each row begins with the receipt's number, `B1` where none is given."""
    if receipts is None:
        receipts = ["B1;Beleg;0;2026-09-10T18:30:00.000Z"]
    rows = {"lines.csv": lines, "lines_vat.csv": vat, "transactions.csv": receipts}
    members: Members = {}
    for name, each in rows.items():
        members[name] = "\r\n".join([HEADERS[name], *[KEY + row for row in each], ""])
    return members


def read(members: Members | bytes) -> dict[int, SaleLine | list[Rejection] | Treatment]:
    content = members if isinstance(members, bytes) else pack(members)
    with unpack(io.BytesIO(content), GERMANY) as table:
        reading = decide_reading(table.file, GERMANY)
        return dict(read_lines(table.file, reading, NOW))


def shown(members: Members) -> list[tuple[str, int] | str | None]:
    """Kind and net amount of each line, the amount's cell of a refused one, or why it is left out."""
    return [
        (str(line.kind), line.net_minor) if isinstance(line, SaleLine)
        else line.why if isinstance(line, Treatment)
        else line[-1].value
        for line in read(members).values()
    ]  # fmt: skip


def refusal(members: Members | bytes) -> tuple[str, str]:
    with pytest.raises(FileRefusedError) as caught:
        read(members)
    return caught.value.problem.code, caught.value.problem.detail


GOOD = export(["B1;1;Bier;Umsatz;0;1,000"], ["B1;1;1;11,90000;10,00000;1,90000"])


def test_a_position_of_two_rates_is_the_sum_of_its_parts() -> None:
    """A menu of 11.90 with 19 % and 10.70 with 7 %: 10.00 and 10.00."""
    vat = ["B1;1;1;11,90000;10,00000;1,90000", "B1;1;2;10,70000;10,00000;0,70000"]
    assert shown(export(["B1;1;Menü;Umsatz;0;1,000"], vat)) == [("sale", 2000)]


def test_nets_of_a_receipt_are_rounded_so_that_they_add_up() -> None:
    """Three of 1.00 with 19 % are 0.84034 each: 2.52 together, which 0.84 three times is."""
    lines = [f"B1;{at};Tee;Umsatz;0;1,000" for at in (1, 2, 3)]
    vat = [f"B1;{at};1;1,00000;0,84034;0,15966" for at in (1, 2, 3)]
    assert shown(export(lines, vat)) == [("sale", 84)] * 3
    # 0.50 with 19 % is 0.42017; five are 2.10085, so 2.10.
    lines = [f"B1;{at};Brot;Umsatz;0;1,000" for at in range(1, 6)]
    vat = [f"B1;{at};1;0,50000;0,42017;0,07983" for at in range(1, 6)]
    assert shown(export(lines, vat)) == [("sale", 42)] * 5
    # 0.99 is 0.83193 (0.00193 over), 0.20 is 0.16807 (0.00807 over): 1.00 together.
    vat = ["B1;1;1;0,99000;0,83193;0,15807", "B1;2;1;0,20000;0,16807;0,03193"]
    assert shown(export(lines[:2], vat)) == [("sale", 83), ("sale", 17)]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("Umsatz", ("sale", 1000)),
        ("Aufschlag", ("sale", 1000)),
        ("Pfand", ("charge", 1000)),
        ("TrinkgeldAG", ("charge", 1000)),
        ("EinzweckgutscheinKauf", ("deferred", 1000)),
        ("MehrzweckgutscheinKauf", ("deferred", 1000)),
        ("Anzahlungseinstellung", ("deferred", 1000)),
        ("TrinkgeldAN", "a tip for the staff"),
        ("Anfangsbestand", "cash put in or taken out"),
        ("Privatentnahme", "cash put in or taken out"),
        ("Geldtransit", "cash put in or taken out"),
        ("DifferenzSollIst", "cash put in or taken out"),
    ],
)
def test_each_business_case_counts_as_what_it_is(
    case: str, expected: tuple[str, int] | str
) -> None:
    beside = ["B1;2;Bier;Umsatz;0;1,000"]
    vat = [f"B1;{at};1;11,90000;10,00000;1,90000" for at in (1, 2)]
    found = shown(export([f"B1;1;X;{case};0;1,000", *beside], vat))
    assert found == [expected, ("sale", 1000)]


def test_cash_movements_need_no_amounts_in_lines_vat() -> None:
    lines = ["B1;1;Wechselgeld;Anfangsbestand;0;1,000", "B1;2;Bier;Umsatz;0;1,000"]
    vat = ["B1;2;1;11,90000;10,00000;1,90000"]
    assert shown(export(lines, vat)) == ["cash put in or taken out", ("sale", 1000)]


def test_a_redeemed_voucher_is_no_discount() -> None:
    """The dinner was sold for 10.00; that its guest paid with a voucher changes nothing of that."""
    lines = ["B1;1;Menü;Umsatz;0;1,000", "B1;2;Gutschein;MehrzweckgutscheinEinloesung;0;-1,000"]
    vat = ["B1;1;1;11,90000;10,00000;1,90000", "B1;2;5;-11,90000;-11,90000;0,00000"]
    assert shown(export(lines, vat)) == [("sale", 1000), ("deferred", -1190)]


def test_a_case_that_is_not_known_refuses_the_export() -> None:
    assert "forderungsentstehung" not in BUSINESS_CASES
    lines = ["B1;1;X;Forderungsentstehung;0;1,000", "B1;2;Bier;Umsatz;0;1,000"]
    vat = [f"B1;{at};1;11,90000;10,00000;1,90000" for at in (1, 2)]
    code, detail = refusal(export(lines, vat))
    assert code == "meaning_not_read_yet"
    assert "GV_TYP" in detail


def test_a_receipt_marked_as_cancelled_is_left_out_and_one_that_undoes_another_counts() -> None:
    lines = [f"B{at};1;Bier;Umsatz;0;{quantity}" for at, quantity in ((1, "1,000"), (2, "1,000"), (3, "-1,000"))]  # fmt: skip
    vat = [
        "B1;1;1;11,90000;10,00000;1,90000",
        "B2;1;1;11,90000;10,00000;1,90000",
        "B3;1;1;-11,90000;-10,00000;-1,90000",
    ]
    receipts = [f"B{at};Beleg;{storno};2026-09-10T18:30:00Z" for at, storno in ((1, 0), (2, 1), (3, 1))]  # fmt: skip
    found = shown(export(lines, vat, receipts))
    assert found == [("sale", 1000), "cancelled", ("refund", -1000)]


@pytest.mark.parametrize(
    ("lines", "vat", "receipts", "why"),
    [
        (["B1;1;X;Umsatz;0;1,000"], [], None, "lines_vat.csv has no amounts for it"),
        (["B1;1;X;Umsatz;0;1,000"], ["B1;1;1;11.90;10.00;1.90"], None, "lines_vat.csv has no amounts for it"),
        (["B1;1;X;Umsatz;0;1,000"], ["B1;1;1;1.190,00;1.000,00;190,00"], None, "lines_vat.csv has no amounts for it"),
        (["B1;1;X;Umsatz;0;1,000"], ["B1;1;1;11,90000;11,90000;1,90000"], None, "POS_NETTO and POS_UST are not POS_BRUTTO"),
        (["B1;1;X;Umsatz;1;-1,000"], ["B1;1;1;-1,19000;-1,00000;-0,19000"], None, "voided"),
        (["B1;1;X;Umsatz;0;1,000"], ["B1;1;1;1,19000;1,00000;0,19000"], ["B1;Beleg;0;2026-09-10T18:30:00Z"] * 2, "transactions.csv has 2 receipts for BON_ID"),
        (["B1;1;X;Umsatz;0;1,000"], ["B1;1;1;1,19000;1,00000;0,19000"], [], "transactions.csv has no receipts for BON_ID"),
    ],
)  # fmt: skip
def test_a_receipt_that_does_not_fit_together_is_refused_and_no_other(
    lines: list[str], vat: list[str], receipts: list[str] | None, why: str
) -> None:
    if receipts is None:
        receipts = ["B1;Beleg;0;2026-09-10T18:30:00Z"]
    good = ["B9;1;Bier;Umsatz;0;1,000"], ["B9;1;1;11,90000;10,00000;1,90000"]
    members = export(lines + good[0], vat + good[1], [*receipts, "B9;Beleg;0;2026-09-10T18:30:00Z"])
    assert shown(members) == [why, ("sale", 1000)]


BILL = ["Schnitzel;Umsatz;0", "Bier;Umsatz;1", "Gutschein;MehrzweckgutscheinKauf;0", "Trinkgeld;TrinkgeldAN;0", "Pfand;Pfand;0"]  # fmt: skip
GROSSES = ["18,90000;15,88235;3,01765", "4,50000;3,78151;0,71849", "50,00000;50,00000;0,00000", "2,00000;2,00000;0,00000", "0,15000;0,12605;0,02395"]  # fmt: skip
COUNTED = [("sale", 1588), "voided", ("deferred", 5000), "a tip for the staff", ("charge", 13)]


def bill(total: str) -> Members:
    """A receipt whose header says what it comes to, with every kind of position."""
    lines = [f"B1;{at};{line};1,000" for at, line in enumerate(BILL)]
    vat = [f"B1;{at};1;{gross}" for at, gross in enumerate(GROSSES)]
    members = export(lines, vat, [f"B1;Beleg;0;2026-09-10T18:30:00Z;{total}"])
    receipts = str(members["transactions.csv"]).replace("BON_ENDE", "BON_ENDE;UMS_BRUTTO")
    return members | {"transactions.csv": receipts}


@pytest.mark.parametrize(
    "total",
    [
        # With the voucher and the deposit; with the tip too; without the voucher; sales alone; all there is.
        "69,05", "71,05000", "19,05", "18,90", "75,55",
        # A cent of rounding; nothing said; not said in a way that can be compared.
        "69,06", "", "69.05",
    ],
)  # fmt: skip
def test_the_positions_of_a_receipt_come_to_its_own_sum_however_its_till_means_that(
    total: str,
) -> None:
    assert shown(bill(total)) == COUNTED


@pytest.mark.parametrize("total", ["69,07", "0,00", "-69,05", "87,95"])
def test_a_receipt_of_which_a_position_is_missing_or_changed_is_refused(total: str) -> None:
    """87.95 is a second Schnitzel that `lines.csv` has not."""
    why = f"the positions come to 69,05, UMS_BRUTTO is {total}"
    assert shown(bill(total)) == [why, "voided", why, "a tip for the staff", why]


def test_the_report_says_how_many_receipts_were_held_against_their_sum() -> None:
    for total, said in (("69,05", ["1 of 1"]), ("", [])):
        with unpack(io.BytesIO(pack(bill(total))), GERMANY) as table:
            told = [each.decided for each in table.conclusions if each.what == "receipts checked"]
        assert [each.split(": ")[1] for each in told] == said


def test_a_negative_position_marked_as_voided_refuses_its_receipt() -> None:
    lines = ["B1;1;Bier;Umsatz;0;1,000", "B1;2;Bier;Umsatz;1;-1,000", "B9;1;Tee;Umsatz;0;1,000"]
    vat = [
        "B1;1;1;11,90000;10,00000;1,90000",
        "B1;2;1;-11,90000;-10,00000;-1,90000",
        "B9;1;1;11,90000;10,00000;1,90000",
    ]
    receipts = [f"{bon};Beleg;0;2026-09-10T18:30:00Z" for bon in ("B1", "B9")]
    assert shown(export(lines, vat, receipts)) == [
        "P_STORNO is 1 on a negative line",
        "voided",
        ("sale", 1000),
    ]


def test_the_same_receipt_number_of_another_closing_is_another_order() -> None:
    members = dict(GOOD)
    for name, content in GOOD.items():
        assert isinstance(content, str)
        header, first, _ = content.split("\r\n")
        members[name] = "\r\n".join([header, first, first.replace(";7;", ";8;"), ""])
    orders = [line.order_id for line in read(members).values() if isinstance(line, SaleLine)]
    assert orders == ["till-1-7-B1", "till-1-8-B1"]


@pytest.mark.parametrize("missing", ["lines.csv", "lines_vat.csv", "transactions.csv"])
def test_an_export_without_one_of_its_files_is_refused_by_name(missing: str) -> None:
    members = {name: content for name, content in GOOD.items() if name != missing}
    code, detail = refusal(members | {"datapayment.csv": "x"})
    assert code == "dsfinvk_incomplete"
    assert missing in detail
    assert ("not the time of the sales" in detail) == (missing == "transactions.csv")


def test_an_export_without_one_of_its_columns_is_refused_by_name() -> None:
    lines = str(GOOD["lines.csv"]).replace("GV_TYP", "Typ")
    code, detail = refusal(GOOD | {"lines.csv": lines})
    assert (code, "column GV_TYP of lines.csv" in detail) == ("dsfinvk_incomplete", True)


def test_a_single_file_of_an_export_is_refused_with_what_to_send() -> None:
    for content in GOOD.values():
        code, detail = refusal(str(content).encode())
        assert code == "wrong_report"
        assert "whole zip of the DSFinV-K export" in detail


def test_two_exports_in_one_zip_are_to_be_sent_one_by_one() -> None:
    code, _ = refusal({f"{at}/{name}": content for at in (1, 2) for name, content in GOOD.items()})
    assert code == "archive_of_several"


def test_an_export_in_a_folder_with_names_in_capitals_is_read() -> None:
    assert shown({f"Export/{name.upper()}": content for name, content in GOOD.items()}) == [
        ("sale", 1000)
    ]


def test_an_export_in_another_currency_than_the_restaurants_is_refused() -> None:
    swiss = Restaurant(ZoneInfo("Europe/Zurich"), "CH", "CHF", time(4))
    with (
        unpack(io.BytesIO(pack(GOOD)), GERMANY) as table,
        pytest.raises(FileRefusedError) as caught,
    ):
        decide_reading(table.file, swiss)
    assert caught.value.problem.code == "other_currency"


def test_a_truncated_or_locked_export_is_refused() -> None:
    packed = (CORPUS / "dsfinvk.zip").read_bytes()
    assert refusal(packed[:-30])[0] == "archive_broken"
    assert refusal(packed[:500])[0] == "archive_broken"
    locked = bytearray(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        at = archive.start_dir
    locked[at + 8] |= 1
    assert refusal(bytes(locked))[0] == "archive_locked"


def test_inspect_says_what_was_joined() -> None:
    said = list[str]()
    assert inspect_file(CORPUS / "dsfinvk.zip", GERMANY, say=said.append) == 0
    assert said[0].startswith(
        "joined: rows are those of lines.csv, with amounts from lines_vat.csv"
    )
    # 20.00 and 1.40, less 20.00, and 15.88 less 1.59.
    assert "7 lines, 15.69 EUR" in said
