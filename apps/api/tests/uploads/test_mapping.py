"""Saying which column is which: what is shown, what is refused, and that the choice is remembered."""

from typing import Any

import pytest

from archives import pack, row, workbook
from flux.ingestion.samples import read_header
from flux.restaurants.models import Role
from flux.uploads import columns
from owner import Owner
from team.people import hire

HEADER = "Bon,When,At,What,How often,Money,Note\n"
LINES = "1,2026-05-01,12:00,Soup,2,9.00,x\n1,2026-05-01,12:00,Bread,1,1.50,\n2,2026-05-02,12:30,Tea,1,2.00,x\n"
RIGHT = {"order_number": 1, "date": 2, "time": 3, "item": 4, "quantity": 5, "line_amount": 6}
# Nothing shows whether 4.00 is for one or for two.
UNCLEAR_PRICE = "Order ID,Date,Time,Item,Quantity,Price\n1,2026-05-01,12:00,Soup,2,4.00\n"
PLACES = "Location,Order ID,Date,Time,Item,Quantity,Net sales\n"


async def show(owner: Owner, upload_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    return shown


async def choose(
    owner: Owner, upload_id: str, chosen: dict[str, int] | None = None, location: str | None = None
) -> tuple[int, Any]:
    """Status code, and the upload's status, or the problem's code with what is wrong where."""
    body = {"columns": chosen or {}} | ({"location": location} if location else {})
    answer = await owner.client.put(f"/api/data/uploads/{upload_id}/mapping", json=body)
    said = answer.json()
    if answer.status_code == 422:
        return 422, {each["pointer"]: each["code"] for each in said["errors"]}
    return answer.status_code, said["code"] if answer.is_error else said["status"]


async def test_what_flux_cannot_read_is_shown_with_samples_and_a_proposal(owner: Owner) -> None:
    upload = await owner.upload("Export of May\n" + HEADER + LINES * 3)
    assert upload["status"] == "needs_mapping"
    answer = await owner.client.get(f"/api/data/uploads/{upload['id']}/columns")
    shown = answer.json()
    assert (shown["header_row"], shown["till"], shown["locations"]) == (2, None, [])
    assert [each["name"] for each in shown["columns"]] == HEADER.strip().split(",")
    assert [each["number"] for each in shown["columns"]] == list(range(1, 8))
    assert shown["columns"][3]["samples"] == ["Soup", "Bread", "Tea"]
    assert shown["columns"][6]["samples"] == ["x"], "blank cells say nothing"
    assert shown["columns"][0]["proposal"] == "order_number"
    assert shown["columns"][3]["proposal"] is None


async def test_a_sample_is_cut_short_and_shows_no_control_characters(owner: Owner) -> None:
    upload = await owner.upload(HEADER + f"1,2026-05-01,12:00,So\x07up{'p' * 99},1,1,x\n")
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}/columns")).json()
    (sample,) = shown["columns"][3]["samples"]
    assert (sample[:6], len(sample)) == ("So upp", 60)


async def test_the_file_is_read_by_the_choice_and_the_next_one_without_a_question(
    owner: Owner,
) -> None:
    upload = await owner.upload(HEADER + LINES)
    assert await choose(owner, upload["id"], RIGHT) == (200, "awaiting_file")
    await owner.work()
    report = (await show(owner, upload["id"]))["report"]
    assert (report["orders_new"], report["lines_accepted"], report["net_minor"]) == (2, 3, 1250)
    because = {each["what"]: each["because"] for each in report["conclusions"]}
    assert because["item"].startswith("you chose it on ")
    assert because["amount"] == "you chose it"
    header = "\ufeffbon;WHEN;At;What;How often;Money;Note\n"
    june = await owner.upload(header + LINES.replace("-05-", "-06-").replace(",", ";"))
    assert (june["status"], june["report"]["net_minor"]) == ("completed", 1250)
    other = await owner.upload(HEADER.replace("Note", "Remark") + LINES)
    assert other["status"] == "needs_mapping", "that is another header"


async def test_the_choice_of_one_restaurant_is_not_anothers(owner: Owner, stranger: Owner) -> None:
    upload = await owner.upload(HEADER + LINES)
    await choose(owner, upload["id"], RIGHT)
    theirs = await stranger.upload(HEADER + LINES)
    assert theirs["status"] == "needs_mapping"
    assert await choose(stranger, upload["id"], RIGHT) == (404, "upload_not_found")
    assert stranger.query("SELECT count(*) FROM column_mappings") == [(0,)]
    await owner.work()
    assert (await show(owner, upload["id"]))["status"] == "completed"


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"item": None}, {"/columns/item": "missing"}),
        ({"item": 8}, {"/columns/item": "no_such_column"}),
        ({"item": 2}, {"/columns/item": "column_twice"}),
        ({"item": 0}, {"/columns/item": "greater_than_equal"}),
        ({"item": True}, {"/columns/item": "int_type"}),
        ({"customer": 7}, {"/columns/customer": "enum"}),
        ({"date": None, "time": None}, {"/columns/date_and_time": "choose_one"}),
        ({"date_and_time": 7}, {"/columns/date_and_time": "choose_one"}),
        ({"date": None, "date_and_time": 2}, {"/columns/time": "time_twice"}),
        ({"line_amount": None}, {"/columns/line_amount": "choose_one"}),
        ({"unit_price": 7}, {"/columns/line_amount": "choose_one"}),
    ],
)
async def test_a_choice_that_does_not_fit_is_refused_with_where_and_why(
    owner: Owner, changes: dict[str, int | None], problems: dict[str, str]
) -> None:
    upload = await owner.upload(HEADER + LINES)
    chosen = {name: at for name, at in (RIGHT | changes).items() if at is not None}
    assert await choose(owner, upload["id"], chosen) == (422, problems)
    assert owner.query("SELECT count(*) FROM column_mappings") == [(0,)]
    assert (await show(owner, upload["id"]))["status"] == "needs_mapping"


async def test_columns_are_chosen_only_for_a_file_that_came_and_does_not_count(
    owner: Owner,
) -> None:
    counted = (await owner.upload(UNCLEAR_PRICE.replace("Price", "Net sales")))["id"]
    waiting = (await owner.announce(b"x"))["id"]
    picture = (await owner.upload(b"\x89PNG\r\n"))["id"]
    for each in (counted, waiting, picture):
        assert await choose(owner, each, RIGHT) == (409, "upload_state")
        answer = await owner.client.get(f"/api/data/uploads/{each}/columns")
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_state")


async def test_a_wrong_choice_is_mended_by_another_and_a_counted_one_after_its_undo(
    owner: Owner,
) -> None:
    upload = await owner.upload(HEADER + LINES)
    await choose(owner, upload["id"], RIGHT | {"date": 4, "item": 2})
    await owner.work()
    failed = await show(owner, upload["id"])
    assert (failed["status"], failed["report"]["problem"]["code"]) == ("failed", "dates_unreadable")
    unit = {name: at for name, at in RIGHT.items() if name != "line_amount"} | {"unit_price": 6}
    assert (await choose(owner, upload["id"], unit))[0] == 200
    await owner.work()
    assert (await show(owner, upload["id"]))["report"]["net_minor"] == 2 * 900 + 150 + 200
    assert (await choose(owner, upload["id"], RIGHT))[0] == 409
    await owner.client.delete(f"/api/data/uploads/{upload['id']}")
    await owner.work()
    assert (await choose(owner, upload["id"], RIGHT))[0] == 200
    await owner.work()
    assert (await show(owner, upload["id"]))["report"]["net_minor"] == 1250
    assert owner.query("SELECT count(*), sum(net_minor)::int FROM transaction_items") == [(3, 1250)]


@pytest.mark.parametrize(("field", "net_minor"), [("unit_price", 800), ("line_amount", 400)])
async def test_whether_a_price_is_for_one_unit_is_answered_by_the_field_that_is_chosen(
    owner: Owner, field: str, net_minor: int
) -> None:
    upload = await owner.upload(UNCLEAR_PRICE)
    assert upload["report"]["problem"]["code"] == "price_unclear"
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}/columns")).json()
    proposals = [each["proposal"] for each in shown["columns"]]
    assert proposals == ["order_number", "date", "time", "item", "quantity", None]
    chosen = {name: at for at, name in enumerate(proposals, start=1) if name} | {field: 6}
    await choose(owner, upload["id"], chosen)
    await owner.work()
    assert (await show(owner, upload["id"]))["report"]["net_minor"] == net_minor


async def test_with_discounts_the_amount_after_them_is_chosen_and_a_unit_price_is_not_enough(
    owner: Owner,
) -> None:
    content = (
        "Order ID,Date,Time,Item,Quantity,Total,Discount\n1,2026-05-01,12:00,Soup,2,9.00,1.00\n"
    )
    upload = await owner.upload(content)
    assert upload["report"]["problem"]["code"] == "discounts_not_read_yet"
    chosen = {"order_number": 1, "date": 2, "time": 3, "item": 4, "quantity": 5}
    await choose(owner, upload["id"], chosen | {"unit_price": 6})
    await owner.work()
    again = await show(owner, upload["id"])
    assert (again["status"], again["report"]["problem"]["code"]) == (
        "needs_mapping",
        "discounts_not_read_yet",
    )
    await choose(owner, upload["id"], chosen | {"line_amount": 6})
    await owner.work()
    assert (await show(owner, upload["id"]))["report"]["net_minor"] == 900


async def test_a_choice_that_comes_while_the_file_is_being_read_changes_nothing(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people of one restaurant, of whom the other was quicker."""
    upload = await owner.upload(HEADER + LINES)

    def read_while_another_tries_again(*given: Any) -> Any:
        owner.execute("UPDATE data_uploads SET status = 'awaiting_file'")
        return read_header(*given)

    monkeypatch.setattr(columns, "read_header", read_while_another_tries_again)
    assert await choose(owner, upload["id"], RIGHT) == (409, "upload_state")
    assert owner.query("SELECT count(*) FROM column_mappings") == [(0,)]


async def test_the_refused_rows_of_a_mapped_file_come_back_too(owner: Owner) -> None:
    upload = await owner.upload(HEADER + LINES + "3,2026-05-03,12:00,Cake,1,free,x\n")
    await choose(owner, upload["id"], RIGHT)
    await owner.work()
    answer = await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows.csv")
    assert answer.text.splitlines()[1].endswith("3,2026-05-03,12:00,Cake,1,free,x")


async def test_undo_restores_from_a_file_that_was_read_by_a_choice(owner: Owner) -> None:
    first = await owner.upload(HEADER + LINES)
    await choose(owner, first["id"], RIGHT)
    await owner.work()
    newer = await owner.upload(HEADER + "1,2026-05-01,12:00,Soup,2,8.00,x\n")
    await owner.client.delete(f"/api/data/uploads/{newer['id']}")
    await owner.work()
    assert owner.query("SELECT count(*), sum(net_minor)::int FROM transaction_items") == [(3, 1250)]


async def test_of_several_locations_only_the_chosen_ones_rows_count(owner: Owner) -> None:
    lines = (
        "North,1,2026-05-01,12:00,Soup,1,4.50\n"
        "South,1,2026-05-01,12:00,Feast,1,30.00\n"
        " south ,2,2026-05-01,12:30,Feast,1,31.00\n"
        "north,2,2026-05-01,13:00,Tea,1,2.00\n"
    )
    upload = await owner.upload(PLACES + lines)
    assert (upload["status"], upload["report"]["problem"]["code"]) == (
        "needs_mapping",
        "several_locations",
    )
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}/columns")).json()
    assert shown["locations"] == [{"column": 1, "names": ["North", "South"]}]
    chosen = {"order_number": 2, "date": 3, "time": 4, "item": 5, "quantity": 6, "line_amount": 7}
    assert await choose(owner, upload["id"], chosen, "West") == (
        422,
        {"/location": "no_such_location"},
    )
    assert (await choose(owner, upload["id"], chosen, "north"))[0] == 200
    await owner.work()
    done = await show(owner, upload["id"])
    report = done["report"]
    assert (done["status"], report["net_minor"], report["orders_new"]) == ("completed", 650, 2)
    assert (report["lines_left_out"], report["lines_total"]) == (2, 4)
    told = next(each for each in report["conclusions"] if each["what"] == "left out")
    assert told["decided"] == "2 rows: of another location"
    assert told["because"].endswith("first in row 3")
    june = await owner.upload(PLACES + lines.replace("-05-", "-06-"))
    assert (june["status"], june["report"]["net_minor"]) == ("completed", 650)


async def test_of_a_tills_report_only_the_location_can_be_chosen(owner: Owner) -> None:
    header = (
        "Location,Order Id,Order #,Sent Date,Order Date,Check Id,Server,Table,Dining Area,Service,Dining Option,"
        "Item Selection Id,Item Id,Master Id,SKU,PLU,Menu Item,Menu Subgroup(s),Menu Group,Menu,Sales Category,Gross Price,"
        "Discount,Net Price,Qty,Tax,Void?,Deferred,Tax Exempt,Tax Inclusion Option,Dining Option Tax,Tab Name\n"
    )
    row = (
        "{place},{n},1,8/3/26 5:17 PM,8/3/26 5:17 PM,{n},,,,,,{n},{n},{n},,,Negroni,,Drinks,Bar,Liquor,12.00,0.00,12.00,1,"
        "1.00,false,false,false,,,\n"
    )
    content = header + row.format(place="Elm Street", n=901) + row.format(place="Oak Hill", n=902)
    upload = await owner.upload(content)
    assert upload["report"]["problem"]["code"] == "several_locations"
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}/columns")).json()
    assert shown["till"] == "Toast"
    assert await choose(owner, upload["id"], RIGHT, "Oak Hill") == (
        422,
        {"/columns": "columns_known"},
    )
    assert await choose(owner, upload["id"]) == (422, {"/location": "missing"})
    assert (await choose(owner, upload["id"], None, "Oak Hill"))[0] == 200
    await owner.work()
    assert owner.query("SELECT source, location, order_key FROM transactions") == [
        ("toast", "Oak Hill", "902")
    ]


def sheet(text: str) -> str:
    return "".join(row(at, *line.split(",")) for at, line in enumerate(text.splitlines(), 1))


JUNE = HEADER + "3,2026-06-01,12:00,Soup,1,4.50,x\n"
BOOK = {"Notes": row(1, "By", "Anna"), "Sales": sheet(HEADER + LINES)}


@pytest.mark.parametrize(
    ("packed", "again", "net_minor"),
    [
        (pack({"may.csv": HEADER + LINES, "june.csv": JUNE}), pack({"7.csv": JUNE, "8.csv": HEADER + LINES}), 1700),
        # A list of what nobody sold is no reason to ask less.
        (pack({"may.csv": HEADER + LINES, "june.csv": JUNE, "notes.csv": "a,b\n1,2\n"}), JUNE.encode(), 1700),
        (workbook(BOOK), workbook({"Other": row(1, "x")} | BOOK), 1250),
        (workbook({"Sales": BOOK["Sales"]}), workbook(BOOK), 1250),
        (pack({"sales.xlsx": workbook(BOOK)}), workbook(BOOK), 1250),
        (pack({"may.xlsx": workbook(BOOK), "june.csv": JUNE}), JUNE.encode(), 1700),
    ],
)  # fmt: skip
async def test_columns_are_chosen_for_what_comes_packed_too_and_the_next_is_not_asked_again(
    owner: Owner, packed: bytes, again: bytes, net_minor: int
) -> None:
    upload = await owner.upload(packed)
    assert upload["report"]["problem"]["code"] == "columns_not_recognised"
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}/columns")).json()
    assert [each["name"] for each in shown["columns"]] == HEADER.strip().split(",")
    assert await choose(owner, upload["id"], RIGHT) == (200, "awaiting_file")
    await owner.work()
    done = await show(owner, upload["id"])
    assert (done["status"], done["report"]["net_minor"]) == ("completed", net_minor)
    assert (await owner.upload(again))["status"] == "completed"


async def test_an_order_in_two_files_of_a_zip_is_known_by_the_column_that_was_chosen(
    owner: Owner,
) -> None:
    other = HEADER + LINES.replace("2.00", "2.50")
    upload = await owner.upload(pack({"a.csv": HEADER + LINES, "b.csv": other}))
    assert upload["status"] == "needs_mapping", "what an order is, nobody knows yet"
    await choose(owner, upload["id"], RIGHT)
    await owner.work()
    done = await show(owner, upload["id"])
    assert (done["status"], done["report"]["problem"]["code"]) == ("failed", "archive_overlaps")


async def test_of_different_tables_none_is_taken_for_the_one_to_ask_about(owner: Owner) -> None:
    stock = "Shelf,Counted,Left,By\n1,2,3,4\n"
    upload = await owner.upload(pack({"may.csv": HEADER + LINES, "stock.csv": stock}))
    assert (upload["status"], upload["report"]["problem"]["code"]) == (
        "failed",
        "archive_of_several",
    )
    upload = await owner.upload(workbook({"May": BOOK["Sales"], "Stock": sheet(stock)}))
    assert upload["report"]["problem"]["code"] == "workbook_without_sales"
    assert "Save the sheet with your sales as CSV" in upload["report"]["problem"]["detail"]


async def test_a_viewer_sees_no_cells_of_the_file(owner: Owner) -> None:
    upload = await owner.upload(HEADER + LINES)
    viewer = await hire(owner, Role.VIEWER)
    answer = await viewer.client.get(f"/api/data/uploads/{upload['id']}/columns")
    assert answer.status_code == 403
