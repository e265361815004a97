"""From an Excel workbook (.xlsx) to the table of its one sheet that holds sales.

Cells are written as a till would: dates and times as ISO 8601 has them, numbers with the 15 digits that
a spreadsheet keeps. A number of more digits was rounded by the spreadsheet, so it is written as one.
A formula counts as its stored result. Source: ECMA-376 Part 1, section 18.3.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from flux.ingestion.choice import Choice
from flux.ingestion.decode import Record
from flux.ingestion.header import Header, find_header, find_header_to_ask
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.recognise import HEADER_SEARCH_ROWS, HeaderUnclearError, show
from flux.ingestion.report import Conclusion, FileRefusedError, refuse
from flux.ingestion.table import Allowance, Table, write_rows

MAX_WORKBOOK_BYTES = 96 * 1024**2
MAX_CELLS = 3_000_000
_CONTENT_TYPES = "[Content_Types].xml"
_PARTS = (".xml", ".rels")
# What a workbook's reader does not need: the order of calculation, pictures, and so on.
_UNREAD = ("xl/calcChain.xml", "xl/drawings/", "xl/charts/", "xl/media/", "docProps/", "customXml/")
_CELL = re.compile(
    rb"<(?:\w+:)?(row|c)(?=[\s/>])((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)",
)
_PLACE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]*)(\d*)")
# Without `<` in it, which no attribute has, so that what is no XML is not searched again and again.
_ERROR_CELL = re.compile(
    rb"(<(?:\w+:)?c\s(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*?\bt\s*=\s*)(?:\"e\"|'e')"
)
_EXACT_DIGITS = 15
_BROKEN = (CalamineError, OSError, ValueError, zipfile.BadZipFile)


def is_workbook(archive: zipfile.ZipFile) -> bool:
    return _CONTENT_TYPES in archive.namelist()


def read_workbook(
    archive: zipfile.ZipFile,
    choices: Mapping[str, Choice],
    allowance: Allowance,
    stack: ExitStack,
) -> Table:
    """The sheet with sales as a table, its rows where the spreadsheet shows them.

    If no sheet's columns are clear, it is the one of which the owner could choose them. Raises `FileRefusedError` for a workbook that is broken or too large, or of which no sheet, or more
    than one, holds sales; and what reading the archive raises.
    """
    packed = _repack(archive, allowance)
    try:
        workbook = CalamineWorkbook.from_filelike(packed)
        names = workbook.sheet_names
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in names]
    except _BROKEN as error:
        raise broken_workbook() from error
    filled = [(name, sheet) for name, sheet in sheets if sheet.end is not None]
    if not filled:
        raise refuse("file_empty", "The file is empty. Export it from your till again.")
    name, sheet, because = _choose(filled, choices)
    said = Conclusion(what="sheet", decided=say(PhraseCode.VALUE, show(name)), because=because)
    return Table(write_rows(_write(sheet), stack), (said,))


def _choose(
    sheets: list[tuple[str, CalamineSheet]], choices: Mapping[str, Choice]
) -> tuple[str, CalamineSheet, Said]:
    """The sheet with sales, and why. A workbook of a single sheet is read as a CSV would be."""
    if len(sheets) == 1:
        return *sheets[0], say(PhraseCode.FILLED_SHEET)
    found: list[tuple[str, CalamineSheet, Header]] = []
    refused: list[FileRefusedError] = []
    unclear: list[tuple[str, CalamineSheet]] = []
    for name, sheet in sheets:
        rows = enumerate(islice(_write(sheet), HEADER_SEARCH_ROWS), 1)
        records = [Record(at, row) for at, row in rows if any(row)]
        try:
            found.append((name, sheet, find_header(records, choices)))
        except FileRefusedError as refusal:
            refused.append(refusal)
            if isinstance(refusal, HeaderUnclearError) and find_header_to_ask(refusal):
                unclear.append((name, sheet))
    if not found:
        wrong = next((each for each in refused if each.problem.right_report), None)
        if wrong is None and len(unclear) == 1:
            return *unclear[0], say(PhraseCode.POSSIBLE_SHEET)
        raise wrong or refuse(
            "workbook_without_sales",
            "No sheet of this workbook has columns for an item, a date and an amount. Save the sheet with your sales"
            " as CSV and upload that.",
        )
    lists = [each for each in found if not each[2].has_lines]
    found = [each for each in found if each[2].has_lines] or lists
    if len(found) > 1:
        names = ", ".join(f"“{show(name)}”" for name, _, _ in found[:5])
        raise refuse(
            "workbook_of_several",
            f"More than one sheet of this workbook holds sales: {names}. Save each as a file of its own, and upload"
            " those whose sales are not in another one too.",
        )
    name, sheet, header = found[0]
    because = say(PhraseCode.ONLY_SHEET, str(len(sheets)), header.kind)
    if header.has_lines and lists:
        other, _, kind = lists[0]
        because = say(PhraseCode.OTHER_SHEET, because, show(other), kind.why_left_out)
    return name, sheet, because


def _repack(archive: zipfile.ZipFile, allowance: Allowance) -> BinaryIO:
    """The parts that are read, as far as they were seen to unpack; cells in error become text.

    The reader keeps a whole sheet in memory, and a place for every cell between the outermost two.
    """
    if sum(each.file_size for each in archive.infolist()) > MAX_WORKBOOK_BYTES:
        raise _too_large()
    own, packed = Allowance(MAX_WORKBOOK_BYTES), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for part in archive.infolist():
            name = part.filename
            if not name.endswith(_PARTS) or name.startswith(_UNREAD):
                continue
            content = io.BytesIO()
            with archive.open(part) as member:
                own.copy(member, content)
            allowance.spend(len(content.getbuffer()))
            _check_extent(content.getbuffer())
            copy.writestr(name, _name_errors(content.getvalue()))
    packed.seek(0)
    return packed


def _name_errors(xml: bytes) -> bytes:
    """The reader makes nothing of an error; as a text it keeps its name."""
    has_errors = b'"e"' in xml or b"'e'" in xml
    return _ERROR_CELL.sub(rb'\1"str"', xml) if has_errors else xml


def _check_extent(xml: memoryview) -> None:
    height = width = row_width = 0
    for tag in _CELL.finditer(xml):
        place = _PLACE.search(tag[2])
        letters, digits = place.groups() if place else (b"", b"")
        if tag[1] == b"row":
            height, row_width = height + 1, 0
        else:
            row_width += 1
        height = max(height, int(digits[:9] or 0))
        width = max(width, row_width, _column(letters[:9]))
        if max(height, 1) * width > MAX_CELLS:
            raise _too_large()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _write(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows from the first, also blank ones; midnight is a time where its column has times."""
    timed = {
        at for row in sheet.iter_rows() for at, value in enumerate(row) if type(value) is datetime
    }
    for row in sheet.iter_rows():
        cells = [_write_cell(value, at in timed) for at, value in enumerate(row)]
        yield cells if any(cells) else []


def _write_cell(value: object, is_timed: bool) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _write_number(float(value))
        case datetime():
            return _round(value).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return f"{value.isoformat()} 00:00:00" if is_timed else value.isoformat()
        case time():
            clock = _round(datetime.combine(date(2000, 1, 1), value)).time()
            return clock.strftime("%H:%M:%S" if clock.second else "%H:%M")
        case timedelta():
            return str(value)
    return str(value)


def _round(moment: datetime) -> datetime:
    """To the second below, but for what the fractions of a day in a spreadsheet leave a moment short of it."""
    return (moment + timedelta(milliseconds=1)).replace(microsecond=0)


def _write_number(value: float) -> str:
    if abs(value) >= 10**_EXACT_DIGITS:
        return f"{Decimal(repr(value)).normalize():E}"
    text = f"{Decimal(f'{value:.{_EXACT_DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def broken_workbook() -> FileRefusedError:
    """What is said of a workbook that is none."""
    return refuse(
        "workbook_broken",
        "The Excel workbook cannot be read. Open it in a spreadsheet program and save it as CSV UTF-8.",
    )


def _too_large() -> FileRefusedError:
    return refuse(
        "workbook_too_large",
        "The Excel workbook is too large to be read. Save the sheet with your sales as CSV UTF-8 and upload that.",
    )
