"""What a row of an export is: a sale, or something that must not be counted as one."""

from dataclasses import dataclass
from enum import StrEnum

from flux.ingestion.phrases import PhraseCode, Said, say


class Kind(StrEnum):
    """What a line counts as. Revenue, orders and quantities are made of sales and refunds alone."""

    SALE = "sale"
    REFUND = "refund"
    # Money for something else than an item: service, gratuity.
    CHARGE = "charge"
    # Paid now, eaten later: gift cards.
    DEFERRED = "deferred"


COUNTED = (Kind.SALE, Kind.REFUND)


class PriceMeaning(StrEnum):
    """What an amount column holds, for a line of several units."""

    LINE = "line"
    UNIT = "unit"


@dataclass(frozen=True)
class Treatment:
    """What a cell makes of its row: its kind, or `None` for a row that is left out, and why."""

    kind: Kind | None
    why: Said


SALE = Treatment(Kind.SALE, say(PhraseCode.SOLD))
REFUND = Treatment(Kind.REFUND, say(PhraseCode.REFUNDED))
CHARGE = Treatment(Kind.CHARGE, say(PhraseCode.A_CHARGE))
DEFERRED = Treatment(Kind.DEFERRED, say(PhraseCode.PAID_IN_ADVANCE))
VOIDED, CANCELLED, OPEN, TRAINING, DELETED, ELSEWHERE = (
    Treatment(None, say(why))
    for why in (
        PhraseCode.VOIDED,
        PhraseCode.CANCELLED,
        PhraseCode.NOT_PAID_YET,
        PhraseCode.ONLY_PRACTICE,
        PhraseCode.DELETED,
        PhraseCode.OF_ANOTHER_LOCATION,
    )
)
TOTALS = Treatment(None, say(PhraseCode.TOTAL_OF_OTHERS))
_STRENGTH = {None: 4, Kind.DEFERRED: 3, Kind.CHARGE: 2, Kind.REFUND: 1, Kind.SALE: 0}


def stronger(one: Treatment, other: Treatment) -> Treatment:
    """The one that decides where two cells of a row say different things."""
    return other if _STRENGTH[other.kind] > _STRENGTH[one.kind] else one
