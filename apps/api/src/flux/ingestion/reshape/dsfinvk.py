"""From a DSFinV-K zip to one row a position of `lines.csv`: its amount, and its receipt's time, beside it.

The tables are joined in a temporary database on the disk, so that memory does not grow with the file.
Net amounts have five decimals; those of a receipt are rounded so that they add up to its own, rounded.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from decimal import Decimal
from itertools import groupby, islice
from typing import BinaryIO

from flux.ingestion.decode import decide_decoding
from flux.ingestion.formats import dsfinvk
from flux.ingestion.meaning import Kind
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.recognise import normalise
from flux.ingestion.report import Conclusion, refuse
from flux.ingestion.reshape.shares import round_together
from flux.ingestion.table import Table, read_rows, write_rows

MAX_LINES = 10_000
# Amounts have five decimals at most (DSFinV-K, field type of amounts).
_DECIMALS = 5
_AMOUNT = re.compile(r"-?\d{1,9}(?:,\d{1,5})?", re.ASCII)
_STEP = 10 ** (_DECIMALS - dsfinvk.CURRENCY_DIGITS)
_SCHEMA = """
    CREATE TABLE receipts (bon TEXT, storno TEXT, typ TEXT, ended TEXT, total INTEGER);
    CREATE TABLE vat (bon TEXT, line TEXT, gross INTEGER, net INTEGER, tax INTEGER);
    CREATE TABLE positions (place INTEGER PRIMARY KEY, bon TEXT, line TEXT, gv TEXT, voided INTEGER);
    CREATE TABLE made (place INTEGER PRIMARY KEY, typ TEXT, ended TEXT, amount TEXT, counts_as TEXT);
"""
_JOINED = """
    SELECT p.bon, p.place, p.gv, p.voided, v.gross, v.net, v.tax, v.parts,
        r.receipts, r.storno, r.typ, r.ended,
        count(*) OVER (PARTITION BY p.bon, p.line), r.total
    FROM positions p
    LEFT JOIN (
        SELECT bon, line, sum(gross) AS gross, sum(net) AS net, sum(tax) AS tax, count(*) - count(net) AS parts
        FROM vat GROUP BY bon, line
    ) v ON v.bon = p.bon AND v.line = p.line
    LEFT JOIN (
        SELECT bon, count(*) AS receipts, min(storno) AS storno, min(typ) AS typ, min(ended) AS ended,
            min(total) AS total
        FROM receipts GROUP BY bon
    ) r ON r.bon = p.bon
    ORDER BY p.bon, p.place
"""


def is_export(names: set[str]) -> bool:
    """Whether a zip with files of these names, in lower case, is meant to be this export."""
    return len(names.intersection(dsfinvk.FILES)) > 1


def reshape_export(tables: Mapping[str, BinaryIO], stack: ExitStack) -> Table:
    """The tables by their names in lower case, as one. Raises `FileRefusedError` for what is missing."""
    missing = [name for name in dsfinvk.COLUMNS if name not in tables]
    if missing:
        because = (
            " The time at which the till was closed is not the time of the sales."
            if dsfinvk.TRANSACTIONS in missing
            else ""
        )
        raise _incomplete(f"the file {' and '.join(missing)}", because)
    database = stack.enter_context(closing(sqlite3.connect("")))
    database.executescript(_SCHEMA)
    _load_receipts(database, tables[dsfinvk.TRANSACTIONS])
    _load_vat(database, tables[dsfinvk.LINES_VAT])
    _load_positions(database, tables[dsfinvk.LINES])
    database.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?)", _work_out_all(database))
    file = write_rows(_write(database, tables[dsfinvk.LINES]), stack)
    said = Conclusion(
        what="joined",
        decided=say(
            PhraseCode.DSFINVK_TABLES, dsfinvk.LINES, dsfinvk.LINES_VAT, dsfinvk.TRANSACTIONS
        ),
        because=say(PhraseCode.DSFINVK_EXPORT),
    )
    return Table(file, (said, *_tell_checked(database)))


def _tell_checked(database: sqlite3.Connection) -> Iterator[Conclusion]:
    receipts, checked = database.execute("SELECT count(*), count(total) FROM receipts").fetchone()
    if checked:
        yield Conclusion(
            what="receipts checked",
            decided=say(PhraseCode.RECEIPTS_HELD, dsfinvk.TOTAL, f"{checked:,}", f"{receipts:,}"),
            because=say(PhraseCode.TABLE_HAS_IT, dsfinvk.TRANSACTIONS),
        )


def _open(file: BinaryIO, name: str) -> tuple[list[str], dict[str, int], Iterator[list[str]]]:
    """The header, the place of each column that is read, and the rows below."""
    file.seek(0)
    rows = read_rows(file, decide_decoding(file))
    header = next(rows, [])
    names = [cell.strip().upper() for cell in header]
    for column in dsfinvk.COLUMNS[name]:
        if column not in names:
            raise _incomplete(f"the column {column} of {name}", "")
    read = (*dsfinvk.COLUMNS[name], *({dsfinvk.TOTAL} & set(names)))
    return header, {column: names.index(column) for column in read}, rows


def _read(file: BinaryIO, name: str) -> Iterator[dict[str, str]]:
    header, at, rows = _open(file, name)
    for cells in rows:
        if len(cells) >= len(header):
            yield {column: cells[place].strip() for column, place in at.items()}


def _bon(row: Mapping[str, str]) -> str:
    return "-".join(row[column] for column in dsfinvk.OF_A_BON)


def _load_receipts(database: sqlite3.Connection, file: BinaryIO) -> None:
    database.executemany(
        "INSERT INTO receipts VALUES (?, ?, ?, ?, ?)",
        (
            (
                *(_bon(row), row["BON_STORNO"], row["BON_TYP"], row["BON_ENDE"]),
                _read_amount(row.get(dsfinvk.TOTAL, "")),
            )
            for row in _read(file, dsfinvk.TRANSACTIONS)
        ),
    )


def _load_vat(database: sqlite3.Connection, file: BinaryIO) -> None:
    def amounts(row: Mapping[str, str]) -> tuple[int | None, ...]:
        read = tuple(_read_amount(row[column]) for column in ("POS_BRUTTO", "POS_NETTO", "POS_UST"))
        return (None, None, None) if None in read else read

    database.executemany(
        "INSERT INTO vat VALUES (?, ?, ?, ?, ?)",
        ((_bon(row), row["POS_ZEILE"], *amounts(row)) for row in _read(file, dsfinvk.LINES_VAT)),
    )


def _load_positions(database: sqlite3.Connection, file: BinaryIO) -> None:
    header, at, rows = _open(file, dsfinvk.LINES)
    database.executemany(
        "INSERT INTO positions VALUES (?, ?, ?, ?, ?)",
        (
            (
                place,
                _bon({column: cells[at[column]].strip() for column in dsfinvk.OF_A_BON}),
                cells[at["POS_ZEILE"]].strip(),
                normalise(cells[at["GV_TYP"]]),
                cells[at["P_STORNO"]].strip() == "1",
            )
            for place, cells in enumerate(rows)
            if len(cells) >= len(header)
        ),
    )


def _work_out_all(database: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    for _, positions in groupby(database.execute(_JOINED), key=lambda row: row[0]):
        # No receipt is longer; what claims to be must not fill the memory.
        while part := list(islice(positions, MAX_LINES)):
            yield from _work_out(part)


def _work_out(positions: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Place, type and end of the receipt, amount and what it counts as, for each position of one receipt."""
    storno, typ, ended = positions[0][9:12]
    pooled = [each for each in positions if _is_kept(each)]
    problem = next(filter(None, map(_find_problem, positions)), None) or _compare(positions)
    counts_as, amounts = dsfinvk.SOLD, dict[object, str]()
    if problem is None:
        nets = round_together([_int(each[5]) for each in pooled], _STEP)
        amounts = {each[1]: _show(net) for each, net in zip(pooled, nets, strict=True)}
        # A mark on the receipt itself, where a later one would have its signs turned.
        if storno == "1" and sum(_int(each[4]) for each in pooled) >= 0:
            counts_as = dsfinvk.TAKEN_BACK
    for each in positions:
        yield each[1], typ, ended, problem or amounts.get(each[1], ""), counts_as


def _is_kept(position: tuple[object, ...]) -> bool:
    return not position[3] and _kind_of(position) is not None


def _find_problem(position: tuple[object, ...]) -> str | None:
    _, _, _, is_voided, gross, net, tax, unread, receipts, _, _, _, twins, _ = position
    if receipts != 1:
        return f"{dsfinvk.TRANSACTIONS} has {receipts or 'no'} receipts for BON_ID"
    if twins != 1:
        return "POS_ZEILE is there more than once"
    if is_voided:
        return "P_STORNO is 1 on a negative line" if _int(gross) < 0 else None
    if not _is_kept(position):
        return None
    if net is None or unread:
        return f"{dsfinvk.LINES_VAT} has no amounts for it"
    if abs(_int(gross) - _int(net) - _int(tax)) > _STEP:
        return "POS_NETTO and POS_UST are not POS_BRUTTO"
    return None


def _compare(positions: list[tuple[object, ...]]) -> str | None:
    """What is wrong if the receipt's own total is none of the sums that tills mean by it.

    They differ in whether vouchers, tips and what was voided at once are part of it.
    """
    total = positions[0][13]
    if not isinstance(total, int):
        return None

    def add_up(*kinds: Kind | None) -> int:
        return sum(
            _int(each[4])
            for each in positions
            if not each[3] and _kind_of(each) in (kinds or (*Kind, None))
        )

    kept = add_up(*Kind)
    sums = (
        *(kept, add_up(), add_up(Kind.SALE, Kind.CHARGE), add_up(Kind.SALE)),
        sum(_int(each[4]) for each in positions),
    )
    if any(abs(each - total) <= _STEP for each in sums):
        return None
    found, own = (_show(*round_together([each], _STEP)) for each in (kept, total))
    return f"the positions come to {found}, {dsfinvk.TOTAL} is {own}"


def _kind_of(position: tuple[object, ...]) -> Kind | None:
    treatment = dsfinvk.BUSINESS_CASES.get(str(position[2]))
    return treatment.kind if treatment else None


def _write(database: sqlite3.Connection, file: BinaryIO) -> Iterator[Sequence[str]]:
    header, at, rows = _open(file, dsfinvk.LINES)
    yield [*header, *dsfinvk.ADDED]
    made = database.execute("SELECT * FROM made ORDER BY place")
    for cells in rows:
        if len(cells) < len(header):
            yield cells
            continue
        _, typ, ended, amount, counts_as = next(made)
        if normalise(cells[at["GV_TYP"]]) in dsfinvk.ADJUSTMENTS:
            cells[at["MENGE"]] = "1"
        order = _bon({column: cells[at[column]].strip() for column in dsfinvk.OF_A_BON})
        beyond = [cell for cell in cells[len(header) :] if cell.strip()]
        added = [typ or "", ended or "", order, amount, dsfinvk.CURRENCY, counts_as]
        yield [*cells[: len(header)], *added, *beyond]


def _read_amount(text: str) -> int | None:
    if not _AMOUNT.fullmatch(text):
        return None
    return int(Decimal(text.replace(",", ".")).scaleb(_DECIMALS))


def _show(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-dsfinvk.CURRENCY_DIGITS):f}".replace(".", ",")


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _incomplete(what: str, because: str) -> Exception:
    return refuse(
        "dsfinvk_incomplete",
        f"This DSFinV-K export lacks {what}.{because} Export it from your till again and send the zip unchanged.",
    )
