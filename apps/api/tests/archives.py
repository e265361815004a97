"""Zips and Excel workbooks as tests need them, made of text: nothing is hidden in a binary."""

import io
import zipfile
from collections.abc import Mapping

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# The number formats that cells name by their place here: plain, a date, a moment, a time, a time with seconds.
_FORMATS = (0, 14, 22, 20, 21)
PLAIN, DATE, MOMENT, TIME, TIME_WITH_SECONDS = range(5)


def pack(members: Mapping[str, bytes | str]) -> bytes:
    """A zip of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # Always the same date, so that the same files make the same zip.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def text_cell(place: str, text: str) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def number_cell(place: str, number: float | str, style: int = PLAIN) -> str:
    """A number as the file has it; with a style of a date, days since 1899-12-30."""
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def row(number: int, *cells: str) -> str:
    """One row; a cell is XML, or a plain text for the column in its place."""
    made = [
        cell if cell.startswith("<") else text_cell(f"{chr(65 + at)}{number}", cell)
        for at, cell in enumerate(cells)
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


def workbook(sheets: Mapping[str, str]) -> bytes:
    """An .xlsx of sheets by their names, each the XML of its rows."""
    places = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in places)
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at, _ in places
    )
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in _FORMATS)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">{links}'
        f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    for (at, _), rows in zip(places, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return pack(parts)
