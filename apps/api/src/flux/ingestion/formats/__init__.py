"""The exports of tills that Flux knows by name, one small declarative file a till.

Each says how the report is recognised, which column is which, and what the words in it mean.
`docs/adding-a-till.md` says how to add one. Facts are from exports and documents of the tills; where
a fact could not be checked, the file decides it or is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flux.ingestion.meaning import PriceMeaning, Treatment
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.report import FileProblem, FileRefusedError

# In `TillReport.treatments`: what every value makes of a row that is not named there.
ANY_OTHER = "*"


class Field(StrEnum):
    """What Flux wants to know of a sold line."""

    ORDER = "order number"
    # Restarts every day; used where a spreadsheet has ruined the other.
    ORDER_OF_DAY = "order number of the day"
    MOMENT = "date and time"
    DATE = "date"
    TIME = "time"
    ZONE = "time zone"
    ITEM = "item"
    CATEGORY = "category"
    VARIANT = "variant"
    QUANTITY = "quantity"
    LINE_AMOUNT = "line amount"
    # Stands for the line amount where that is blank.
    AMOUNT_INSTEAD = "line amount with tax"
    UNIT_PRICE = "unit price"
    PRICE = "price"


@dataclass(frozen=True)
class TillReport:
    """A report that holds sold lines.

    Names and values are written as `recognise.normalise` makes them: words in lower case. A report
    is this one if its header has every name of the `signature`. `translations` give, for each other
    language, the words of this file for that one's. `price` is `None` where the till does not say
    whether its amounts are for a unit or the line, and the rows decide. `nothing` has the word
    that stands for an empty cell; `tax` says what of it is in the amounts; `caution` is told with every file:
    what the report is known to lack.
    """

    till: str
    name: str
    source: str
    signature: frozenset[str]
    columns: Mapping[Field, tuple[str, ...]]
    treatments: Mapping[str, Mapping[str, Treatment]]
    price: PriceMeaning | None = None
    nothing: Mapping[Field, str] = field(default_factory=dict)
    tax: Said = field(default=say(PhraseCode.TAX_OUTSIDE))
    caution: Said | None = None
    translations: tuple[Mapping[str, str], ...] = field(default=({},))


class Figure(StrEnum):
    """What a list of orders says of one. `NET` is after discounts, without tax, tips and charges."""

    NET = "net amount"
    TAX = "tax"
    TIPS = "tips"
    # For service, delivery, packaging, gratuity.
    CHARGES = "charges"
    DISCOUNTS = "discounts"
    # Paid in advance, such as gift cards; part of the total.
    DEFERRED = "paid in advance"
    # Given back later: not yet taken from the total, and maybe not from the net amount.
    REFUNDS = "refunds"
    TOTAL = "total"


@dataclass(frozen=True)
class OrderReport(TillReport):
    """A report that lists orders without their lines, to complete the same till's report with lines.

    `source` and the columns of order, time and place are those of that report, so that an order is
    known to be the same; `LINE_AMOUNT` is the column that every row has. Each of `figures` is the sum of its
    columns. Without `NET` it is the total without tax and charges, and tips are no part of the total. An order may have several rows if the
    report has the number of each payment in `payment`; `tenders` are then the columns with what was paid
    by row. `cut_at` is how many orders the till exports at most, without a word, but for a row with the
    sums of all at the end.
    """

    figures: Mapping[Figure, tuple[str, ...]] = field(default_factory=dict)
    price: PriceMeaning | None = PriceMeaning.LINE
    payment: str | None = None
    tenders: tuple[str, ...] = ()
    cut_at: int | None = None


@dataclass(frozen=True)
class WrongReport:
    """A report that cannot be sales history, and the one to export instead."""

    till: str
    name: str
    signature: frozenset[str]
    why: str
    instead: str
    where: str
    translations: tuple[Mapping[str, str], ...] = field(default=({},))

    def refusal(self) -> FileRefusedError:
        """What its sender is told."""
        return FileRefusedError(
            FileProblem(
                code="wrong_report",
                detail=f"This is the {self.name} of {self.till}: {self.why}. Send the report “{self.instead}”"
                f" instead. {self.where}",
                right_report=self.instead,
            )
        )


def known_reports() -> tuple[TillReport, ...]:
    """Every report that is read by name; of two whose signatures fit, the one with the longer wins."""
    from flux.ingestion.formats import (
        clover,
        dsfinvk,
        flipdish,
        lightspeed,
        loyverse,
        shopify,
        square,
        sumup,
        toast,
    )

    tills = (toast, square, clover, loyverse, sumup, shopify, dsfinvk, flipdish, lightspeed)
    return _longest_first(report for till in tills for report in till.REPORTS)


def wrong_reports() -> tuple[WrongReport, ...]:
    """Every report that is refused by name."""
    from flux.ingestion.formats import clover, dsfinvk, lightspeed, loyverse, others, toast

    return (
        *toast.WRONG,
        *clover.WRONG,
        *loyverse.WRONG,
        *dsfinvk.WRONG,
        *lightspeed.WRONG,
        *others.WRONG,
    )


def _longest_first(reports: Iterable[TillReport]) -> tuple[TillReport, ...]:
    return tuple(sorted(reports, key=lambda report: -len(report.signature)))
