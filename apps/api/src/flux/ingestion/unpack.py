"""From what was sent to one plain table: archives are unpacked, workbooks and tables of tables rewritten.

Unpacked files go to the disk, never whole into memory, and no further than `MAX_UNPACKED_BYTES`.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import IO, BinaryIO, cast

from flux.ingestion.formats.dsfinvk import FILES
from flux.ingestion.joined import MAX_TOLD, join_tables
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.recognise import show
from flux.ingestion.report import Conclusion, FileRefusedError, refuse
from flux.ingestion.reshape import dsfinvk
from flux.ingestion.reshape.lightspeed import reshape_sales
from flux.ingestion.reshape.shopify import reshape_orders
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.table import (
    MAX_UNPACKED_BYTES,
    Allowance,
    Table,
    TableRefusedError,
    TooLargeError,
    open_temporary,
)
from flux.ingestion.workbook import broken_workbook, is_workbook, read_workbook

MAX_MEMBERS = 10_000
# There may be many of them at once.
_MEMBER_IN_MEMORY = 64 * 1024
_WORKBOOK = ".xlsx"
_TABLES = (".csv", ".tsv", ".txt", _WORKBOOK)
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
# Not OSError: a full disk is no broken archive, and is tried again.
_BROKEN = (
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def unpack(stored: BinaryIO, restaurant: Restaurant) -> Iterator[Table]:
    """The one table that is in what was sent, at its start: the file itself if it is one already.

    Which of several it is, the owner's choice of columns may decide.
    Raises `FileRefusedError` for an archive that is broken, locked, too large unpacked, or does not make
    one table of sales.
    """
    with ExitStack() as stack:
        table = reshape_orders(_open(stored, restaurant, stack), stack)
        yield reshape_sales(table, restaurant.minor_digits, stack)


def _open(stored: BinaryIO, restaurant: Restaurant, stack: ExitStack) -> Table:
    magic = stored.read(4)
    stored.seek(0)
    if magic[:2] == _GZIP:
        return Table(_gunzip(stored, Allowance(MAX_UNPACKED_BYTES), stack))
    if magic != _ZIP:
        return Table(stored)
    try:
        archive = stack.enter_context(zipfile.ZipFile(stored))
    except (*_BROKEN, OSError) as error:
        raise _broken() from error
    _check_unlocked(archive)
    if is_workbook(archive):
        try:
            return read_workbook(archive, restaurant.choices, Allowance(MAX_UNPACKED_BYTES), stack)
        except _BROKEN as error:
            raise _broken() from error
    return _unzip(archive, restaurant, stack)


def _unzip(archive: zipfile.ZipFile, restaurant: Restaurant, stack: ExitStack) -> Table:
    members = [each for each in archive.infolist() if _is_member(each)]
    if len(members) > MAX_MEMBERS:
        raise refuse(
            "archive_of_too_many",
            f"The zip holds more than {MAX_MEMBERS:,} files. Send only those with your sales.",
        )
    names = {_base_name(each.filename) for each in members}
    if dsfinvk.is_export(names):
        return _read_dsfinvk(archive, members, stack)
    tables = [each for each in members if _table_name(each.filename).endswith(_TABLES)]
    if not tables:
        raise _without_table(names)
    allowance = Allowance(MAX_UNPACKED_BYTES)
    others = [each.filename for each in members if each not in tables]
    told = tuple(
        Conclusion(
            what="left out",
            decided=say(PhraseCode.FILE, show(name)),
            because=say(PhraseCode.ZIP_KINDS),
        )
        for name in others[:20]
    )
    sheets: list[Conclusion] = []
    openers = {
        each.filename: partial(_open_table, archive, each, restaurant, allowance, sheets)
        for each in tables
    }
    if len(tables) == 1:
        return Table(openers[tables[0].filename](stack), (*sheets, *told))
    table = join_tables(openers, restaurant.choices, stack)
    return Table(table.file, (*table.conclusions, *sheets[:MAX_TOLD], *told))


def _open_table(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    restaurant: Restaurant,
    allowance: Allowance,
    sheets: list[Conclusion],
    stack: ExitStack,
) -> BinaryIO:
    """The member as a plain table: of a workbook it is the sheet with sales, which is said in `sheets`.

    Raises `TableRefusedError` for a workbook that is refused by itself.
    """
    if not member.filename.lower().endswith(_WORKBOOK):
        return _open_member(archive, member, allowance, stack)
    with ExitStack() as packed:
        file = _open_member(archive, member, allowance, packed)
        try:
            table = _read_packed_workbook(file, restaurant, allowance, packed, stack)
        except TooLargeError:
            raise
        except FileRefusedError as refusal:
            raise TableRefusedError(refusal.problem) from refusal
    name = f" of “{show(member.filename)}”"
    sheets += [
        said.model_copy(update={"decided": said.decided + name}) for said in table.conclusions
    ]
    return table.file


def _read_packed_workbook(
    file: BinaryIO,
    restaurant: Restaurant,
    allowance: Allowance,
    packed: ExitStack,
    stack: ExitStack,
) -> Table:
    try:
        archive = packed.enter_context(zipfile.ZipFile(file))
    except (*_BROKEN, OSError) as error:
        raise broken_workbook() from error
    _check_unlocked(archive)
    if not is_workbook(archive):
        raise broken_workbook()
    try:
        return read_workbook(archive, restaurant.choices, allowance, stack)
    except _BROKEN as error:
        raise broken_workbook() from error


def _read_dsfinvk(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], stack: ExitStack
) -> Table:
    allowance = Allowance(MAX_UNPACKED_BYTES)
    files: dict[str, BinaryIO] = {}
    for member in members:
        name = _base_name(member.filename)
        if name not in FILES:
            continue
        if name in files:
            raise refuse(
                "archive_of_several",
                f"The zip holds {name} more than once, so more than one DSFinV-K export. Upload them one by one.",
            )
        files[name] = _open_member(archive, member, allowance, stack)
    return dsfinvk.reshape_export(files, stack)


def _open_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowance: Allowance, stack: ExitStack
) -> BinaryIO:
    file = open_temporary(stack, _MEMBER_IN_MEMORY)
    try:
        packed = archive.open(member)
    except (*_BROKEN, OSError) as error:
        raise _broken() from error
    with packed:
        _copy(packed, file, allowance)
    if member.filename.lower().endswith(".gz"):
        return _gunzip(file, allowance, stack)
    return file


def _gunzip(packed: BinaryIO, allowance: Allowance, stack: ExitStack) -> BinaryIO:
    file = open_temporary(stack)
    _copy(cast(IO[bytes], gzip.GzipFile(fileobj=packed, mode="rb")), file, allowance)
    return file


def _copy(packed: IO[bytes], file: IO[bytes], allowance: Allowance) -> None:
    try:
        allowance.copy(packed, file)
    except _BROKEN as error:
        raise _broken() from error


def _check_unlocked(archive: zipfile.ZipFile) -> None:
    if any(each.flag_bits & 1 for each in archive.infolist()):
        raise refuse(
            "archive_locked",
            "The zip is locked with a password. Unpack it and upload the file.",
        )


def _without_table(names: set[str]) -> Exception:
    if any(name.endswith((".zip", ".xls")) for name in names):
        return refuse(
            "archive_in_archive",
            "The zip holds other zips or old workbooks (.xls) instead of CSV files. Unpack it, save old workbooks as CSV,"
            " and upload those one by one.",
        )
    return refuse(
        "archive_without_table",
        "The zip holds no CSV file or Excel workbook. Unpack it, and upload the files with your sales by themselves.",
    )


def _is_member(member: zipfile.ZipInfo) -> bool:
    """Not a folder, whose path ends in a slash, nor what macOS and an open Excel put beside each file."""
    name = member.filename.rsplit("/", 1)[-1]
    is_beside = name.startswith((".", "~$")) or member.filename.startswith("__MACOSX/")
    return bool(name) and not is_beside


def _base_name(path: str) -> str:
    return path.rsplit("/", 1)[-1].lower()


def _table_name(path: str) -> str:
    return path.lower().removesuffix(".gz")


def _broken() -> Exception:
    return refuse(
        "archive_broken",
        "The archive is damaged, or was cut short on its way. Export it from your till again.",
    )
