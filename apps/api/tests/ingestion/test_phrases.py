"""What is said of a file is also a code with values, of which another language makes its own sentence."""

import ast
import re
from pathlib import Path

import pytest

from flux.ingestion import phrases
from flux.ingestion.phrases import Phrase, PhraseCode, say
from flux.ingestion.report import Conclusion, FileProblem, Report, tell
from owner import Owner

SOURCE = Path(phrases.__file__).parent
MESSAGES = Path(__file__).parents[3] / "web/lib/messages/es-files.ts"
CORPUS = Path(__file__).parent / "corpus"


def test_a_conclusion_keeps_the_phrase_of_what_is_said_and_why() -> None:
    told = Conclusion(what="item", decided=say(PhraseCode.COLUMN, "Prix {0}"), because="we saw it")
    assert (told.decided, told.because) == ("column “Prix {0}”", "we saw it")
    assert told.decided_phrase == Phrase(code=PhraseCode.COLUMN, values=("Prix {0}",))
    assert told.because_phrase is None
    assert Conclusion.model_validate(told.model_dump(mode="json")) == told


def test_a_report_of_before_phrases_is_still_read() -> None:
    stored = {"what": "item", "decided": "column “Item”", "because": "of its name"}
    assert Conclusion.model_validate(stored).decided_phrase is None


def test_a_warning_keeps_its_phrase_and_one_of_before_is_still_read() -> None:
    said = say(PhraseCode.NOT_UNDONE, tell(FileProblem(code="no_rows", detail="Nothing.")))
    stored = {"currency": "USD", "warnings": ["Old words."]}
    report = Report.model_validate(stored).warn(say(PhraseCode.TOAST_REFUNDS)).warn(said).warn(said)
    assert report.warnings == ["Old words.", say(PhraseCode.TOAST_REFUNDS), said]
    problem = Phrase(code=PhraseCode.PROBLEM, values=("Nothing.", "no_rows"))
    assert report.warning_phrases == [
        None,
        Phrase(code=PhraseCode.TOAST_REFUNDS),
        Phrase(code=PhraseCode.NOT_UNDONE, values=(problem,)),
    ]
    assert Report.model_validate(report.model_dump(mode="json")) == report


def test_each_code_is_said_somewhere() -> None:
    used = {
        node.attr
        for path in SOURCE.rglob("*.py")
        if path.name != "phrases.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    # Said by the name of what was decided.
    used |= {"YEAR_FIRST", "DAY_FIRST", "MONTH_FIRST", "POINT", "COMMA", "LINE_PRICE", "UNIT_PRICE"}
    assert {code.name for code in PhraseCode} <= used


def test_nothing_is_concluded_in_words_without_a_code() -> None:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in {"decided", "because"}:
                assert not isinstance(node.value, (ast.Constant, ast.JoinedStr)), path


def test_each_code_of_the_api_has_its_words_in_spanish() -> None:
    """Phrases aside: those the client's types ask for."""
    spanish = MESSAGES.read_text(encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    asked = {
        "rejections": r'PydanticCustomError\(\s*"(\w+)"|code, message = \(\s*"(\w+)"|order_key, "(\w+)"',
        "fileProblems": r'refuse\(\s*"(\w+)"|FileProblem\(\s*code="(\w+)"',
        "topics": r'Conclusion\(\s*what="([^"]+)"',
    }
    for name, wanted in asked.items():
        codes = {"".join(each) for text in texts for each in re.findall(wanted, text)}
        section = spanish[spanish.index(f"export const {name}:") :]
        section = section[: section.index("\n}")]
        words = set(re.findall(r"^  '?([\w ]+)'?:", section, re.MULTILINE))
        assert len(codes) > 12
        assert codes - words == set()


@pytest.mark.parametrize(
    "content",
    [
        (CORPUS / "toast_items_32.csv").read_text(encoding="utf-8"),
        "Order ID,Date,Time,Item,Quantity,Unit price\n1,5/1/2026,12:00,Soup,1,4.50\n1,5/2/2026,12:00,Soup,2,4.50\n",
        "Datum;Uhrzeit;Artikel;Gesamtpreis\n31.05.2026;12:00;Suppe;4,50\n31.05.2026;12:05;Brot;1,50\n",
    ],
    ids=["a known till", "any till", "without orders"],
)
async def test_all_that_is_usually_said_of_a_file_has_its_codes(owner: Owner, content: str) -> None:
    conclusions = (await owner.upload(content))["report"]["conclusions"]
    assert len(conclusions) > 6
    without = {
        (each["what"], part)
        for each in conclusions
        for part in ("decided", "because")
        if each[f"{part}_phrase"] is None
    }
    assert without == set()
