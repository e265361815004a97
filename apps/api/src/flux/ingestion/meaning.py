"""What a row of an export is: a sale, or something that must not be counted as one."""

from dataclasses import dataclass
from enum import StrEnum


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
    why: str


SALE = Treatment(Kind.SALE, "sold")
REFUND = Treatment(Kind.REFUND, "refunded")
CHARGE = Treatment(Kind.CHARGE, "a charge")
DEFERRED = Treatment(Kind.DEFERRED, "paid in advance")
VOIDED, CANCELLED, OPEN, TRAINING, DELETED, ELSEWHERE = (
    Treatment(None, why)
    for why in (
        "voided",
        "cancelled",
        "not paid yet",
        "only practice",
        "deleted",
        "of another location",
    )
)
TOTALS = Treatment(None, "a total of other rows")
_STRENGTH = {None: 4, Kind.DEFERRED: 3, Kind.CHARGE: 2, Kind.REFUND: 1, Kind.SALE: 0}


def stronger(one: Treatment, other: Treatment) -> Treatment:
    """The one that decides where two cells of a row say different things."""
    return other if _STRENGTH[other.kind] > _STRENGTH[one.kind] else one
