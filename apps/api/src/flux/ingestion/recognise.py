"""Which column is which: by the report of a till, or from the names in a header, in seven languages.

Names are compared by their words: case, punctuation and blanks do not count. Where several columns
could be meant, the earlier name in the list wins; two columns with the very same name are not
guessed between, nor is a column passed over that seems to hold quantities. Synonyms are those seen
in exports of tills and in spreadsheets.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flux.ingestion.cells import fits_currency
from flux.ingestion.choice import Choice, fingerprint
from flux.ingestion.decode import Record
from flux.ingestion.formats import (
    ANY_OTHER,
    Field,
    OrderReport,
    TillReport,
    known_reports,
    wrong_reports,
)
from flux.ingestion.meaning import ELSEWHERE, SALE, Treatment
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.report import Conclusion, FileProblem, FileRefusedError, refuse
from flux.ingestion.words import (
    CURRENCIES,
    DISCOUNT_WORDS,
    ITEM_SIGNS,
    MEANINGFUL_WORDS,
    NO,
    PLACES,
    QUANTITY_WORDS,
    SYNONYMS,
    TREATMENTS,
    VAGUE_AMOUNTS,
    WEAK_ITEMS,
)

HEADER_SEARCH_ROWS = 20
GENERIC = "generic"
MAX_NAME_CHARS = 60


@dataclass(frozen=True)
class Layout:
    """Where things stand in the file: the header's row and names, and the column of each field.

    `treatments` has what the values of a column make of a line, `places` and `discounts` are columns,
    `unclear` the names that could each be taken for one field. `report` is the till's, if it is known;
    `chosen_on` the day on which the owner said which column is which. `samples` are cells of the first rows,
    if these may show what holds the tax.
    """

    header_row: int
    names: tuple[str, ...]
    columns: Mapping[Field, int]
    treatments: Mapping[int, Mapping[str, Treatment]]
    places: tuple[int, ...]
    discounts: tuple[int, ...]
    currencies: tuple[int, ...]
    unclear: tuple[str, ...]
    report: TillReport | None = None
    chosen_on: date | None = None
    samples: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def date_column(self) -> int:
        """The column that holds the date, with or without its time."""
        return self.columns[Field.MOMENT if Field.MOMENT in self.columns else Field.DATE]

    @cached_property
    def marks(self) -> tuple[int, ...]:
        """The columns that say what a row is."""
        named = (Field.ITEM,) if self.report else (Field.ITEM, Field.CATEGORY)
        others = (self.columns[field] for field in named if field in self.columns)
        return (*self.treatments, *(at for at in others if at not in self.treatments))

    @cached_property
    def unasked(self) -> tuple[int, ...]:
        """The columns of an unknown report that could undo a sale though nothing is expected of them."""
        if self.report is not None:
            return ()
        asked = {self.columns.get(each) for each in (Field.ITEM, Field.VARIANT)}
        return tuple(
            at for at in range(len(self.names)) if at not in asked | self.treatments.keys()
        )

    @property
    def has_vague_amount(self) -> bool:
        """Whether the line's amount may as well be the order's, by its name."""
        return (
            self.report is None
            and Field.LINE_AMOUNT in self.columns
            and normalise(self.name_of(Field.LINE_AMOUNT)) in VAGUE_AMOUNTS
        )

    @property
    def source(self) -> str:
        """What the orders of this kind of file are stored under."""
        return self.report.source if self.report else GENERIC

    def fits(self, record: Record) -> bool:
        """Whether the record has a cell for every name, and nothing beyond them."""
        width = len(self.names)
        return len(record.cells) >= width and not any(cell.strip() for cell in record.cells[width:])

    def name_of(self, field: Field) -> str:
        """The file's own name for the column."""
        return self.names[self.columns[field]]

    def conclusions(self) -> list[Conclusion]:
        because = (
            say(PhraseCode.TILL_NAMES_IT, self.report.till)
            if self.report
            else say(PhraseCode.OF_ITS_NAME)
        )
        if self.chosen_on:
            on = f"{self.chosen_on.day} {self.chosen_on:%B %Y}"
            because = say(PhraseCode.YOU_CHOSE_IT_ON, on)
        found = [
            Conclusion(
                what=str(field), decided=say(PhraseCode.COLUMN, self.names[column]), because=because
            )
            for field, column in self.columns.items()
            # A list of orders has figures instead.
            if field is not Field.LINE_AMOUNT or not isinstance(self.report, OrderReport)
        ]
        if self.report is None:
            return found
        known = Conclusion(
            what="report",
            decided=say(PhraseCode.REPORT, self.report.till, self.report.name),
            because=say(PhraseCode.ALL_COLUMNS, str(self.header_row)),
        )
        return [known, *found]


class HeaderUnclearError(FileRefusedError):
    """No row says by its names what Flux needs to know; `nearest` is the one that comes nearest to it."""

    def __init__(self, detail: str, nearest: Layout) -> None:
        super().__init__(
            FileProblem(code="columns_not_recognised", detail=detail), needs_mapping=True
        )
        self.nearest = nearest


def recognise_header(records: Iterable[Record], choices: Mapping[str, Choice]) -> Layout:
    """The layout by the first of the opening rows that is the header of a known report, or one of which
    the owner has chosen the columns, or else names an item, a date and an amount.

    Raises `FileRefusedError`: for a report that holds no single sales, with the right one; or
    (`needs_mapping`) with what is missing, or what could mean two things.
    """
    nearest: Layout | None = None
    opening = list(_opening(records))
    for record in opening:
        known = _read_known(record)
        if known is not None and not known.unclear:
            return lay_out_choice(known, choices)
    for record in opening:
        _refuse_wrong_report(record)
    for record in opening:
        layout = lay_out_choice(_read_header(record), choices)
        if layout.chosen_on:
            return layout
    for record in opening:
        layout = _read_header(record)
        if not _missing(layout) and not layout.unclear:
            return layout
        if nearest is None or _likeness(layout) > _likeness(nearest):
            nearest = layout
    raise _refuse_header(nearest)


def fingerprint_of(layout: Layout) -> str:
    """What the owner's choice for this header is remembered by."""
    return fingerprint(normalise(name) for name in layout.names)


def lay_out_choice(layout: Layout, choices: Mapping[str, Choice]) -> Layout:
    """The layout as the owner chose it for this header; unchanged if they chose nothing.

    Rows of another location than the chosen one are left out. The columns of a known report are its own.
    """
    choice = choices.get(fingerprint_of(layout))
    if choice is None:
        return layout
    if choice.location:
        own = {translate(choice.location[1], layout.report): SALE, ANY_OTHER: ELSEWHERE}
        layout = replace(layout, treatments={**layout.treatments, choice.location[0]: own})
    if choice.columns and layout.report is None:
        return replace(layout, columns=choice.columns, unclear=(), chosen_on=choice.chosen_on)
    return layout


def show(text: str) -> str:
    """A cell as it can be shown and stored: short, and without control characters."""
    short = text.strip()[:MAX_NAME_CHARS]
    return "".join(sign if sign.isprintable() else " " for sign in short).strip()


def find_other_currencies(cells: Iterable[str], currency: str) -> list[str]:
    """The cells that name another currency."""
    return [cell for cell in cells if cell.strip() and not fits_currency(cell, currency)]


def refuse_currency(row_number: int, currency: str) -> FileRefusedError:
    """What is raised for a row in another currency than the restaurant's."""
    return refuse(
        "other_currency",
        f"Row {row_number} is in another currency than the restaurant's ({currency})."
        " Flux never adds up two currencies.",
    )


def normalise(name: str) -> str:
    """The words of a column's name in lower case without accents, one blank between them.

    `itemName` has two, and `Número de pedido` three.
    """
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    if not name.isascii():
        name = "".join(
            each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each)
        )
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _opening(records: Iterable[Record]) -> Iterable[Record]:
    for record in records:
        if record.row_number > HEADER_SEARCH_ROWS:
            return
        if not record.is_broken:
            yield record


def _cells_of(record: Record) -> list[str]:
    cells = list(record.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _read_known(record: Record) -> Layout | None:
    """The layout if the record is the header of a report that Flux knows by name."""
    cells = _cells_of(record)
    plain_words = [normalise(cell) for cell in cells]
    for report in known_reports():
        for translation in report.translations:
            words = [translation.get(word, word) for word in plain_words]
            if report.signature <= set(words):
                return _lay_out(record, cells, words, report)
    return None


def _lay_out(record: Record, cells: list[str], words: list[str], report: TillReport) -> Layout:
    columns = {
        field: words.index(found)
        for field, names in report.columns.items()
        if (found := next((name for name in names if name in words), None)) is not None
    }
    twice = [at for at in columns.values() if words.count(words[at]) > 1]
    treatments = {
        at: values
        for name, values in report.treatments.items()
        for at, word in enumerate(words)
        if word == name
    }
    return _make_layout(record, cells, words, columns, twice, treatments, report)


def _read_header(record: Record) -> Layout:
    cells = _cells_of(record)
    words = [normalise(cell) for cell in cells]
    columns, unclear = _assign(words)
    treatments = {
        at: TREATMENTS.get(word, NO)
        for at, word in enumerate(words)
        if word in TREATMENTS or MEANINGFUL_WORDS.search(word)
    }
    return _make_layout(record, cells, words, columns, unclear, treatments, None)


def _make_layout(
    record: Record,
    cells: list[str],
    words: list[str],
    columns: Mapping[Field, int],
    unclear: list[int],
    treatments: Mapping[int, Mapping[str, Treatment]],
    report: TillReport | None,
) -> Layout:
    names = tuple(show(cell) for cell in cells)

    def find(is_wanted: Callable[[str], object]) -> tuple[int, ...]:
        return tuple(at for at, word in enumerate(words) if is_wanted(word))

    return Layout(
        header_row=record.row_number,
        names=names,
        columns=columns,
        treatments=treatments,
        places=find(PLACES.__contains__),
        discounts=find(DISCOUNT_WORDS.search),
        currencies=find(CURRENCIES.__contains__),
        unclear=tuple(names[at] for at in unclear),
        report=report,
    )


def translate(cell: str, report: TillReport | None) -> str:
    """The words of a cell in the language of the report's file; of any other report in lower case."""
    if report is None:
        return cell.strip().casefold()
    words = normalise(cell)
    return next((each[words] for each in report.translations if words in each), words)


def _refuse_wrong_report(record: Record) -> None:
    """Raise `FileRefusedError` if the record is the header of a report that holds no single sales."""
    words = {normalise(cell) for cell in record.cells}
    for report in wrong_reports():
        if any(
            report.signature <= {translation.get(word, word) for word in words}
            for translation in report.translations
        ):
            raise report.refusal()


def _assign(words: list[str]) -> tuple[dict[Field, int], list[int]]:
    """The column of each field, and those columns between which only a guess could choose."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    columns: dict[Field, int] = {}
    unclear: list[int] = []
    for field, synonyms in SYNONYMS.items():
        taken = columns.values()
        found = [places[word] for word in synonyms if word in places]
        best = next((each for each in found if each[0] not in taken), [])
        if len(best) == 1:
            columns[field] = best[0]
        unclear += best[1:]
    if Field.QUANTITY not in columns and not unclear:
        unclear = [at for at, word in enumerate(words) if QUANTITY_WORDS.search(word)]
    is_weak = Field.ITEM in columns and words[columns[Field.ITEM]] in WEAK_ITEMS
    if is_weak and not ITEM_SIGNS & columns.keys():
        del columns[Field.ITEM]
    # A date whose time stands elsewhere needs both columns; else the one that has both is enough.
    if Field.DATE in columns and Field.TIME in columns:
        columns.pop(Field.MOMENT, None)
    elif Field.MOMENT in columns:
        columns.pop(Field.DATE, None)
        columns.pop(Field.TIME, None)
    return columns, unclear


def _missing(layout: Layout) -> list[str]:
    has = layout.columns
    missing = []
    if Field.DATE not in has and Field.MOMENT not in has:
        missing.append("the date (for example “Date”)")
    if Field.ITEM not in has:
        missing.append("the item (for example “Item name”)")
    if not {Field.LINE_AMOUNT, Field.UNIT_PRICE, Field.PRICE} & has.keys():
        missing.append("the amount (for example “Price” or “Net sales”)")
    return missing


def _likeness(layout: Layout) -> tuple[int, int]:
    """How much this is like a header; a title has fewer cells."""
    return len(layout.columns), len(layout.names)


def _refuse_header(nearest: Layout | None) -> Exception:
    if nearest is None:
        return refuse("no_rows", "The file holds no rows. Export it from your till again.")
    sentences = []
    if missing := _missing(nearest):
        sentences.append(f"Flux did not find a column for {', nor for '.join(missing)}.")
    if nearest.unclear:
        names = ", ".join(f"“{name}”" for name in nearest.unclear[:5])
        sentences.append(
            f"It is not clear what these columns hold, or which of several is meant: {names}."
        )
    sentences.append(
        "Choose which column is which, or give them other names in the first row and upload the file again."
    )
    return HeaderUnclearError(" ".join(sentences), nearest)
