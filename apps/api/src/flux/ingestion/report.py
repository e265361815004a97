"""What Flux says about a file: the report that is stored with the upload and shown to its owner."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flux.ingestion.phrases import Phrase, PhraseCode, Said, say


class Conclusion(BaseModel):
    """One thing that was decided about the file, and the evidence for it.

    In English; both also as a phrase for other languages, where it is one that has a code.
    """

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)

    what: str
    decided: str
    because: str
    decided_phrase: Phrase | None = None
    because_phrase: Phrase | None = None

    @model_validator(mode="before")
    @classmethod
    def _keep_phrases(cls, given: Any) -> Any:
        said = {
            f"{name}_phrase": given[name].phrase
            for name in ("decided", "because")
            if isinstance(given, dict) and isinstance(given.get(name), Said)
        }
        return given | said if said else given


class FileProblem(BaseModel):
    """Why a whole file was refused. `right_report` names the export to send instead, if one is known."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)

    code: str
    detail: str
    right_report: str | None = None


class FileRefusedError(Exception):
    """The file as a whole cannot be taken; nothing of it was stored but the file itself.

    `needs_mapping` if its owner could settle it by saying which column is which.
    """

    def __init__(self, problem: FileProblem, *, needs_mapping: bool = False) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.needs_mapping = needs_mapping


class Report(BaseModel):
    """The result of one upload.

    Lines are rows of the file, of which those left out are known not to be sales; orders are counted against what was there before. `net_minor` is the
    sum of the accepted sales and refunds in minor units of `currency`, whether or not they were already known.
    `rejections` has how often each code stands among the refused rows. Each warning has its phrase at the same place
    of `warning_phrases`, if it has one.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    source: str | None = None
    lines_total: int = 0
    lines_accepted: int = 0
    lines_rejected: int = 0
    lines_left_out: int = 0
    rejections: dict[str, int] = Field(default_factory=dict)
    orders_new: int = 0
    orders_known: int = 0
    orders_changed: int = 0
    net_minor: int = 0
    currency: str
    first_at: datetime | None = None
    last_at: datetime | None = None
    conclusions: list[Conclusion] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    warning_phrases: list[Phrase | None] = Field(default_factory=list)
    problem: FileProblem | None = None

    @model_validator(mode="before")
    @classmethod
    def _keep_phrases(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not given.get("warnings"):
            return given
        said = zip_longest(given["warnings"], given.get("warning_phrases") or ())
        phrases = [each.phrase if isinstance(each, Said) else phrase for each, phrase in said]
        return given | {"warning_phrases": phrases}

    def warn(self, said: Said) -> "Report":
        """The report with one more warning, at its end; it stands there once."""
        before = zip(self.warnings, self.warning_phrases, strict=True)
        kept = [(text, phrase) for text, phrase in before if text != said]
        texts, phrases = [text for text, _ in kept], [phrase for _, phrase in kept]
        added = {"warnings": [*texts, str(said)], "warning_phrases": [*phrases, said.phrase]}
        return self.model_copy(update=added)


def tell(problem: FileProblem) -> Said:
    """The problem as a part of what is said. Its code goes with it, by which pages have their own words for it."""
    return say(PhraseCode.PROBLEM, problem.detail, problem.code)


def refuse(code: str, detail: str, *, needs_mapping: bool = False) -> FileRefusedError:
    return FileRefusedError(FileProblem(code=code, detail=detail), needs_mapping=needs_mapping)


@dataclass
class LeftOut:
    """The rows that are no sales, by reason: how many, and the first of them."""

    rows: dict[Said, tuple[int, int]] = dataclass_field(default_factory=dict)

    def add(self, why: Said, row_number: int, number: int = 1) -> None:
        before, first_row = self.rows.get(why, (0, row_number))
        self.rows[why] = (before + number, first_row)

    @property
    def number(self) -> int:
        return sum(number for number, _ in self.rows.values())

    def conclusions(self, what: str = "left out") -> list[Conclusion]:
        return [
            Conclusion(
                what=what,
                decided=(
                    say(PhraseCode.ROW_OF, why)
                    if number == 1
                    else say(PhraseCode.ROWS_OF, f"{number:,}", why)
                ),
                because=say(PhraseCode.FILE_SAYS_SO, str(first_row)),
            )
            for why, (number, first_row) in self.rows.items()
        ]
