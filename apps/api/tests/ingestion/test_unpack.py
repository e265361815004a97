"""An archive is unpacked to its one table, or refused with what to do; it never fills memory or disk."""

import gzip
import io
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import pack
from flux.ingestion import unpack as unpacking
from flux.ingestion.inspect import inspect_file
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.unpack import unpack
from owner import Owner

TABLE = b"Order ID,Date,Time,Item,Net sales\n1,2026-05-01,12:00,Soup,4.50\n"
OWNERS = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))


def zipped(**members: bytes) -> bytes:
    return pack(
        {name.replace("__", "/").replace("_", "."): content for name, content in members.items()}
    )


def open_up(content: bytes) -> bytes:
    with unpack(io.BytesIO(content), OWNERS) as table:
        return table.file.read()


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefusedError) as caught:
        open_up(content)
    return caught.value.problem.code


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        b"",
        b"PK",
        gzip.compress(TABLE, mtime=0),
        gzip.compress(TABLE[:20], mtime=0) + gzip.compress(TABLE[20:], mtime=0),
        zipped(sales_csv=TABLE),
        zipped(folder__sales_CSV=TABLE, read_me=b"x", _DS_Store=b"x"),
    ],
)
def test_a_table_comes_out_as_it_went_in(content: bytes) -> None:
    assert open_up(content) == (TABLE if len(content) > 2 else content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(TABLE, mtime=0)[:-12], "archive_broken"),
        (b"\x1f\x8bnonsense", "archive_broken"),
        (zipped(sales_csv=TABLE)[:-30], "archive_broken"),
        (zipped(sales_csv=TABLE)[:60], "archive_broken"),
        (zipped(sales_zip=zipped(sales_csv=TABLE)), "archive_in_archive"),
        (zipped(sales_xls=b"x"), "archive_in_archive"),
        (zipped(sales_xlsx=b"PK", old_xls=b"x"), "workbook_broken"),
        (zipped(sales_xlsx=zipped(sales_csv=TABLE)), "workbook_broken"),
        (zipped(photo_png=b"x"), "archive_without_table"),
        (b"PK\x03\x04" + zipped(), "archive_without_table"),
    ],
)  # fmt: skip
def test_what_holds_no_single_table_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_locked_zip_is_told_apart_from_a_broken_one() -> None:
    content = bytearray(zipped(sales_csv=TABLE))
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    assert refusal(bytes(content)) == "archive_locked"


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lambda content: zipped(sales_csv=content),
        # Each by itself would do; together they are too much.
        lambda content: zipped(a_csv=content[: 900 * 1024], b_csv=content[: 900 * 1024]),
        lambda content: zipped(a_csv=TABLE, b_csv_gz=gzip.compress(content)),
        lambda content: pack(
            {"lines.csv": content, "lines_vat.csv": b"x", "transactions.csv": b"x"}
        ),
    ],
)
def test_a_bomb_is_stopped_while_it_unfolds(
    monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 1024 * 1024)
    assert refusal(pack(b"0" * 3 * 1024 * 1024)) == "archive_too_large"


def test_a_full_disk_is_no_fault_of_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda max_size: Full())
    for content in (gzip.compress(TABLE, mtime=0), zipped(sales_csv=TABLE)):
        with pytest.raises(OSError, match="No space"):
            open_up(content)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([gzip.compress(TABLE, mtime=0), zipped(sales_csv=TABLE)]), st.data())
def test_a_damaged_archive_is_a_refusal_or_still_a_table(
    packed: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(packed) - 1))
    damaged = packed[:at] + bytes([data.draw(st.integers(0, 255))]) + packed[at + 1 :]
    with suppress(FileRefusedError):
        open_up(damaged)


def test_what_is_left_out_of_a_zip_is_said() -> None:
    with unpack(io.BytesIO(zipped(sales_csv=TABLE, notes_pdf=b"%PDF")), OWNERS) as table:
        assert [(each.what, each.decided) for each in table.conclusions] == [
            ("left out", "the file “notes.pdf”")
        ]


async def test_a_zip_is_read_like_the_file_in_it(owner: Owner, tmp_path: Path) -> None:
    upload = await owner.upload(zipped(sales_csv=TABLE))
    assert upload["status"] == "completed"
    assert upload["report"]["net_minor"] == 450
    file, said = tmp_path / "sales.csv.gz", list[str]()
    file.write_bytes(gzip.compress(TABLE, mtime=0))
    assert inspect_file(file, OWNERS, say=said.append) == 0
    assert "1 lines, 4.50 USD" in said
