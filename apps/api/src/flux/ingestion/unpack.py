"""From what was sent to one plain file: gzip, or a zip that holds a single table, is unpacked.

Unpacked files go to the disk, never whole into memory, and no further than `MAX_UNPACKED_BYTES`: a
small archive can hold a file of any size (a zip bomb).
"""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from flux.ingestion.report import refuse

MAX_UNPACKED_BYTES = 2 * 1024**3
_CHUNK = 1024 * 1024
_KEPT_IN_MEMORY = 8 * 1024 * 1024
_TABLES = (".csv", ".tsv", ".txt")
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
def unpack(file: BinaryIO) -> Iterator[BinaryIO]:
    """The table in the file, at its start: the file itself unless it is an archive.

    Raises `FileRefusedError` for an archive that is broken, locked, too large unpacked, or holds
    anything else than one table. A workbook is no archive here, though it is a zip.
    """
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == b"\x1f\x8b":
        with tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as table:
            _copy(cast(IO[bytes], gzip.GzipFile(fileobj=file)), table)
            yield cast(BinaryIO, table)
        return
    if magic == b"PK\x03\x04" and not _is_workbook(file):
        with tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as table:
            _unzip(file, table)
            yield cast(BinaryIO, table)
        return
    yield file


def _is_workbook(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (*_BROKEN, OSError) as error:
        raise _broken() from error
    finally:
        file.seek(0)


def _unzip(file: BinaryIO, table: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        members = [each for each in archive.infolist() if _is_member(each)]
        tables = [each for each in members if each.filename.lower().endswith(_TABLES)]
        if len(tables) != 1:
            raise refuse(
                "archive_of_several" if tables else "archive_without_table",
                f"The zip holds {len(tables) or 'no'} CSV {'files' if tables else 'file'}. Unpack it, and upload the"
                " files with your sales by themselves.",
            )
        if tables[0].flag_bits & 1:
            raise refuse(
                "archive_locked",
                "The zip is locked with a password. Unpack it and upload the file.",
            )
        try:
            member = archive.open(tables[0])
        except (*_BROKEN, OSError) as error:
            raise _broken() from error
        with member:
            _copy(member, table)


def _is_member(member: zipfile.ZipInfo) -> bool:
    """Not a folder, nor what macOS puts beside each file."""
    name = member.filename.rsplit("/", 1)[-1]
    return not (member.is_dir() or name.startswith(".") or member.filename.startswith("__MACOSX/"))


def _copy(packed: IO[bytes], table: IO[bytes]) -> None:
    size = 0
    while chunk := _read(packed):
        size += len(chunk)
        if size > MAX_UNPACKED_BYTES:
            raise refuse(
                "archive_too_large",
                "The file is larger than 2 GiB when it is unpacked. Export a shorter period.",
            )
        table.write(chunk)
    table.seek(0)


def _read(packed: IO[bytes]) -> bytes:
    try:
        return packed.read(_CHUNK)
    except _BROKEN as error:
        raise _broken() from error


def _broken() -> Exception:
    return refuse(
        "archive_broken",
        "The archive is damaged, or was cut short on its way. Export it from your till again.",
    )
