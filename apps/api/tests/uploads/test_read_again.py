"""Reading an upload again: its rows are those of the new reading, and no other file's are lost or doubled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from flux.core import clock
from flux.ingestion import process, revise, understand
from flux.ingestion.blocks import Block
from flux.ingestion.columns import Batch, ColumnReader
from flux.ingestion.report import refuse
from owner import Owner
from uploads.revisions import HEADER, day, retry, rows, show, total, undo


def learn(monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]) -> None:
    """Flux reads the items of every file otherwise from now on, as by a better version."""

    read, (before, after) = ColumnReader.read, change

    def read_better(self: ColumnReader, block: Block) -> Batch:
        batch = read(self, block)
        is_meant = pl.col("item_name") == before
        lines = batch.lines.filter(~is_meant | bool(after))
        item_name = pl.col("item_name").replace({before: after})
        return replace(batch, lines=lines.with_columns(item_name, pl.col("said_low") + is_meant))

    monkeypatch.setattr(ColumnReader, "read", read_better)


async def test_reading_a_completed_file_again_replaces_what_it_wrote(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = HEADER + day(1) + "2,2026-05-02,12:00,Ghost,1,9.00\n3,2026-05-03,12:00,Tea,1,free\n"
    upload = await owner.upload(content)
    assert total(owner) == (2, 1350)
    learn(monkeypatch, ("Ghost", ""))
    assert await retry(owner, upload["id"]) == (200, "read_again")
    assert (await show(owner, upload["id"]))["report"] == upload["report"]
    assert total(owner) == (2, 1350), "until the new result is there the old one counts"
    finished_at = owner.query("SELECT finished_at FROM data_uploads")
    await owner.work()
    again = await show(owner, upload["id"])
    assert (again["status"], again["report"]["lines_accepted"]) == ("completed", 1)
    assert again["report"]["lines_rejected"] == 1
    assert owner.query("SELECT count(*) FROM rejected_rows") == [(1,)]
    assert total(owner) == (1, 450)
    assert owner.query("SELECT finished_at FROM data_uploads") == finished_at


async def test_reading_an_old_file_again_does_not_put_it_over_a_newer_one(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await owner.upload(HEADER + day(1, "1.00") + day(2, "1.00") + day(3, "1.00"))
    new = await owner.upload(HEADER + day(2, "2.00") + day(3, "1.00"))
    learn(monkeypatch, ("Soup", "Soupe"))
    await retry(owner, old["id"])
    await owner.work()
    assert owner.query(
        "SELECT business_date::text, net_minor::int, upload_id::text FROM transactions ORDER BY 1"
    ) == [
        ("2026-05-01", 100, old["id"]),
        ("2026-05-02", 200, new["id"]),
        # Both had it; of two files the newer counts.
        ("2026-05-03", 100, new["id"]),
    ]
    await retry(owner, new["id"])
    await owner.work()
    assert {row[4][0].split()[0] for row in rows(owner)} == {"Soupe"}


async def test_an_order_that_the_new_reading_leaves_out_comes_back_from_an_older_file(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owner.upload(HEADER + day(1, "1.00"))
    newer = await owner.upload(HEADER + "1,2026-05-01,12:00,Ghost,1,9.00\n" + day(2))
    learn(monkeypatch, ("Ghost", ""))
    await retry(owner, newer["id"])
    await owner.work()
    assert [(row[1], row[3]) for row in rows(owner)] == [("2026-05-01", 100), ("2026-05-02", 450)]


async def test_an_undo_adds_nothing_that_another_file_only_now_shows(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its report says what was counted of it; more is counted when its owner has it read again."""
    tea = "2,2026-05-02,12:00,Tea,1,2.00\n"
    with monkeypatch.context() as patched:
        learn(patched, ("Soup", ""))
        await owner.upload(HEADER + day(1) + tea)
    newer = await owner.upload(HEADER + tea.replace("2.00", "3.00"))
    await undo(owner, newer["id"])
    await owner.work()
    assert [(row[1], row[3]) for row in rows(owner)] == [("2026-05-02", 200)]


async def test_a_file_that_can_no_longer_be_read_keeps_what_it_wrote_and_says_so(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await owner.upload(HEADER + day(1))
    before = rows(owner)

    def refuse_all(*_: Any) -> None:
        raise refuse("time_missing", "The dates have no time.", needs_mapping=True)

    monkeypatch.setattr(process, "decide_reading", refuse_all)
    for _ in range(2):
        await retry(owner, upload["id"])
        await owner.work()
    again = await show(owner, upload["id"])
    assert (again["status"], again["requested"]) == ("completed", None)
    assert again["report"]["warnings"] == [
        *upload["report"]["warnings"],
        "Reading this file again failed, and what was counted stays as it was. The dates have no time.",
    ]
    assert again["report"]["net_minor"] == 450
    assert rows(owner) == before


async def test_orders_do_not_double_when_flux_gives_their_source_another_name(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await owner.upload(HEADER + "".join(day(n) for n in range(1, 9)))
    second = await owner.upload(HEADER + "".join(day(n) for n in range(8, 20)))
    before = rows(owner)

    monkeypatch.setattr(understand, "_decide_location", lambda *_: "North")
    await retry(owner, second["id"])
    await owner.work()
    assert rows(owner) == before
    assert "Undo all of them" in (await show(owner, second["id"]))["report"]["warnings"][-1]
    await undo(owner, first["id"])
    await owner.work()
    await retry(owner, second["id"])
    await owner.work()
    assert owner.query("SELECT DISTINCT location FROM transactions") == [("North",)]
    assert total(owner)[0] == 12


def crash(*_: Any) -> None:
    raise MemoryError


@pytest.mark.parametrize("request_of", [undo, retry])
async def test_a_worker_that_crashes_over_it_leaves_all_as_it_was_and_gives_up_in_the_end(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, request_of: Any
) -> None:
    await owner.upload(HEADER + day(1, "1.00"))
    upload = await owner.upload(HEADER + day(1) + day(2))
    before = rows(owner)
    monkeypatch.setattr(revise.Revision, "_restore_from", crash)
    monkeypatch.setattr(process, "load_table", crash)
    await request_of(owner, upload["id"])
    for lived in range(process.MAX_ATTEMPTS + 1):
        later = timedelta(seconds=61 * lived)
        monkeypatch.setattr(clock, "now", lambda later=later: datetime.now(UTC) + later)
        await owner.work()
        assert rows(owner) == before
    kept = await show(owner, upload["id"])
    assert (kept["status"], kept["requested"]) == ("completed", None)
    assert "three times in a row" in kept["report"]["warnings"][-1]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_undone_and_read_again_the_rows_are_those_of_the_files_that_count(
    owner: Owner, seed: int
) -> None:
    """As if these alone had been sent, one after the other: of each order the last version."""
    dice = Random(seed)
    files: dict[str, dict[int, str]] = {}
    counted: list[str] = []
    for _ in range(14):
        undone = sorted(files.keys() - set(counted))
        what = dice.choice(["send", "send", "undo", "read again", "bring back"])
        if what == "undo" and counted:
            chosen = counted.pop(dice.randrange(len(counted)))
            assert await undo(owner, chosen) == (202, "undo")
        elif what == "read again" and counted:
            assert await retry(owner, dice.choice(counted)) == (200, "read_again")
        elif what == "bring back" and undone:
            counted.append(dice.choice(undone))
            assert await retry(owner, counted[-1]) == (200, None)
        else:
            days = dice.sample(range(1, 13), dice.randint(1, 6))
            lines = {each: day(each, f"{dice.randint(1, 3)}.00") for each in days}
            sent = await owner.send((HEADER + "".join(lines.values())).encode())
            files[sent] = lines
            counted.append(sent)
        await owner.work()
        wanted = {number: line for each in counted for number, line in files[each].items()}
        got = {int(key): minor for key, _, _, minor, _ in rows(owner)}
        assert got == {n: int(float(line.split(",")[-1]) * 100) for n, line in wanted.items()}
    assert total(owner)[0] == len(wanted)
