"""What is said of a file is also a code with values, of which another language makes its own sentence."""

import ast
from pathlib import Path

import pytest

from flux.ingestion import phrases
from flux.ingestion.phrases import Phrase, PhraseCode, say
from flux.ingestion.report import Conclusion
from owner import Owner

SOURCE = Path(phrases.__file__).parent
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


def test_each_code_has_a_sentence_and_is_said_somewhere() -> None:
    used = {
        node.attr
        for path in SOURCE.rglob("*.py")
        if path.name != "phrases.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    # Said by the name of what was decided.
    used |= {"YEAR_FIRST", "DAY_FIRST", "MONTH_FIRST", "POINT", "COMMA", "LINE_PRICE", "UNIT_PRICE"}
    for code in PhraseCode:
        assert say(code, "one", "two")
        assert code.name in used


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
    # The zone is its own name, and what a till calls no sale is told in its words.
    assert {what for what, _ in without} <= {"time zone", "left out", "set apart", "tax"}
