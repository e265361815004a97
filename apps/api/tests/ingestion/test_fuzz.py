"""Files of the corpus, spoiled at random: each is read with a reason for every row, or refused by a code.

`make test` tries a few hundred, `make fuzz` as many as `FUZZ_FILES` says. What fails names its number, and
that number alone spoils the same file in the same way again.
"""

import io
import os
import random
import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archives import pack
from flux.ingestion.formats import OrderReport
from flux.ingestion.meaning import Treatment
from flux.ingestion.order_total import OrderTotal
from flux.ingestion.parse import read_lines
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.totals import read_totals
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OWNERS = (
    Restaurant(ZoneInfo("America/New_York"), "US", "USD", clock(4)),
    Restaurant(ZoneInfo("Europe/Zurich"), "CH", "CHF", clock(0)),
)
FILES = int(os.environ.get("FUZZ_FILES", "400"))
BATCHES = 8
MOST_SECONDS = 2.0
ORIGINALS = [each.read_bytes() for each in sorted((Path(__file__).parent / "corpus").iterdir())]
CELLS = [
    b"", b" ", b"0", b"-0.00", b"1,000", b"1.000", b"(5.00)", b"-$9", b"\xe2\x82\xac 4", b"1e9", b"NaN", b"1.3E+18", b"Total",
    b"true", b"Refund", b"storniert", b"2026-02-30", b"13/13/2026", b"24:00", b"02:30 AM EST", b'"', b'"a\nb"', b"\x00", b"\xff\xfe",
    b"=1+1", b"'1", b"9" * 400, "Größe".encode("utf-16-le"), b"2026-03-29 02:30", b"None",
]  # fmt: skip


def spoil_bytes(content: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def spoil_cells(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        separator = b";" if lines[at].count(b";") > lines[at].count(b",") else b","
        cells = lines[at].split(separator)
        cells[chance.randrange(len(cells))] = chance.choice(CELLS)
        lines[at] = separator.join(cells)
    return b"\n".join(lines)


def spoil_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(5)
    if how == 0:
        lines[at], lines[other] = lines[other], lines[at]
    elif how == 1:
        del lines[at]
    elif how == 2:
        lines[at:at] = [lines[other]] * chance.randint(1, 40)
    elif how == 3:
        lines[at] += b"," + chance.choice(CELLS)
    else:
        chance.shuffle(lines)
    return b"\n".join(lines)


def spoil_columns(content: bytes, chance: random.Random) -> bytes:
    rows = [line.split(b",") for line in content.split(b"\n")]
    at = chance.randrange(max(len(row) for row in rows))
    name = chance.choice([None, b"Amount", b"Datum", b"Status", b"Qty", b"Total", b""])
    for number, row in enumerate(rows):
        if at < len(row) and name is None:
            del row[at]
        elif at < len(row) and number == 0 and name is not None:
            row[at] = name
    return b"\n".join(b",".join(row) for row in rows)


def spoil_text(content: bytes, chance: random.Random) -> bytes:
    how = chance.randrange(5)
    if how == 0:
        return content[: chance.randrange(len(content))]
    if how == 1:
        return content.decode("utf-8", "replace").encode("utf-16")
    if how == 2:
        return content.replace(b",", chance.choice([b";", b"\t", b"|"]))
    if how == 3:
        return content.replace(b"\n", chance.choice([b"\r", b"\r\n", b"\n\n"]))
    return content.replace(b".", b",")


WAYS: list[Callable[[bytes, random.Random], bytes]] = [
    spoil_bytes,
    spoil_cells,
    spoil_lines,
    spoil_columns,
    spoil_text,
]


def spoil(number: int) -> bytes:
    chance = random.Random(number)
    content = chance.choice(ORIGINALS)
    # One of its files, more often than the archive itself: of that little is left to be read.
    if content.startswith(b"PK") and chance.random() < 0.9:
        return spoil_member(content, chance)
    return spoil_content(content, chance)


def spoil_content(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(WAYS)(content, chance) or b" "
    return content


def spoil_member(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archived = {each: archive.read(each) for each in archive.namelist()}
    members: dict[str, bytes | str] = {**archived}
    name = chance.choice(sorted(members))
    spoiled = spoil_content(archived[name], chance)
    how = chance.randrange(10)
    if how == 0:
        del members[name]
    elif how == 1:
        members[f"copy of {name}"] = spoiled
    else:
        members[name] = spoiled
    return pack(members)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoiled_file_is_read_or_refused_and_never_breaks_anything(batch: int) -> None:
    read = refused = 0
    for number in range(batch, FILES, BATCHES):
        content, started = spoil(number), time.process_time()
        try:
            rows = read_all(content, number)
        except FileRefusedError as refusal:
            refused += 1
            problem = refusal.problem
            assert problem.code, number
            assert problem.detail.isprintable(), number
        except Exception as error:
            raise AssertionError(f"spoiled file {number}") from error
        else:
            read += 1
            assert len(rows) == len(set(rows)), number
        assert time.process_time() - started < MOST_SECONDS, number
    assert min(read, refused) > 0


def read_all(content: bytes, number: int) -> list[int]:
    rows = []
    with unpack(io.BytesIO(content), OWNERS[number % 2]) as table:
        reading = decide_reading(table.file, OWNERS[number % 2])
        said: Iterable[tuple[int, object]] = read_lines(table.file, reading, NOW)
        if isinstance(reading.layout.report, OrderReport):
            totals = read_totals(table.file, reading, NOW)
            said = ((record.row_number, each) for record, each in totals)
        for row_number, line in said:
            rows.append(row_number)
            if isinstance(line, list):
                assert line
                assert all(each.code and each.message for each in line)
            else:
                assert isinstance(line, SaleLine | OrderTotal | Treatment)
    return rows
