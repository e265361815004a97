"""What an owner said of a header that Flux could not read by itself, remembered for that header."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from flux.ingestion.formats import Field

# What an owner can say of a column. Which of the last two settles what a price is the price of.
CHOOSABLE = (
    Field.ORDER,
    Field.MOMENT,
    Field.DATE,
    Field.TIME,
    Field.ITEM,
    Field.CATEGORY,
    Field.VARIANT,
    Field.QUANTITY,
    Field.LINE_AMOUNT,
    Field.UNIT_PRICE,
)


@dataclass(frozen=True)
class Choice:
    """The column of each field, counted from 0; none where only the location was asked.

    `location` is the column of the locations' names, and the name of the restaurant's own.
    """

    columns: Mapping[Field, int]
    location: tuple[int, str] | None
    chosen_on: date

    def to_json(self) -> dict[str, Any]:
        """What is stored of it, but for the day."""
        columns = {field.value: at for field, at in self.columns.items()}
        return {"columns": columns, "location": self.location}


def read_choice(stored: Mapping[str, Any], chosen_at: datetime, timezone: ZoneInfo) -> Choice:
    """The choice that `Choice.to_json` made, of the day that it was in the restaurant."""
    location = stored["location"]
    return Choice(
        {Field(name): at for name, at in stored["columns"].items()},
        (location[0], location[1]) if location else None,
        chosen_at.astimezone(timezone).date(),
    )


def fingerprint(words: Iterable[str]) -> str:
    """Tells a header from others: a hash of its names as `recognise.normalise` writes them."""
    return sha256("\x1f".join(words).encode()).hexdigest()
