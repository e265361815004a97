"""The one model that says what a valid sold line is.

It takes the cells of a row as the file has them, with the file's conventions as context, and alone
decides what is refused: each error's type is the code, its message what the owner is to do.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from flux.ingestion.cells import (
    DecimalSign,
    Writing,
    read_decimal,
    read_moment,
    read_quantity,
    read_time,
    see_writing,
)
from flux.ingestion.meaning import Kind, PriceMeaning
from flux.ingestion.reading import Conventions
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.zones import read_zone

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MAX_TEXT = 300
MAX_ORDER_ID = 200
MAX_QUANTITY = Decimal(100_000)
MAX_MINOR = 10**12
_QUANTITY_STEP = Decimal("0.001")
# Enough digits that nothing the cells can hold is rounded on the way.
_EXACT = Context(prec=200)
_BLANKS = re.compile(r"[^\S\x1c-\x1f]+")
_TOTALS = re.compile(
    r"(?:(?:grand|sub|net|gross|sales|report|overall|daily|day)?[\s-]*totals?(?: sales| amount)?"
    r"|(?:gesamt|zwischen)?summe|gesamt|insgesamt|total general|totaux|somme"
    r"|totale(?: generale)?|totais|total geral|(?:eind|sub)?totaal)\s*:?"
)


@dataclass(frozen=True)
class LineContext:
    """What a line is read with: the file's conventions, and the time at which it is read."""

    conventions: Conventions
    now: datetime


# A date, the time beside it, a time of its own, and the name of a zone; each may be empty.
MomentCells = tuple[str, str, str, str]


class SaleLine(BaseModel):
    """One sold line.

    `occurred_at` is an instant, `business_date` the restaurant's day it counts for, `net_minor` the
    line's amount in minor units of its currency: negative for a refund. `order_id` is the till's,
    or `None` where each line stands alone. A sale of a negative quantity is a refund.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = Kind.SALE
    occurred_at: AwareDatetime
    order_id: str | None
    item_name: str
    category: str | None
    variant: str | None
    quantity: Decimal
    net_minor: int
    business_date: date = date.min

    @field_validator("occurred_at", mode="before")
    @classmethod
    def _read_moment(cls, value: MomentCells, info: ValidationInfo) -> datetime:
        return read_occurred_at(value, _context(info))

    @field_validator("order_id", "item_name", "category", "variant", mode="before")
    @classmethod
    def _read_text(cls, value: str | None, info: ValidationInfo) -> str | None:
        return read_text(value, str(info.field_name))

    @field_validator("quantity", mode="before")
    @classmethod
    def _read_quantity(cls, value: str | None, info: ValidationInfo) -> Decimal:
        return read_line_quantity(value, _context(info).conventions)

    @field_validator("net_minor", mode="before")
    @classmethod
    def _read_amount(cls, value: str, info: ValidationInfo) -> int:
        quantity, kind = info.data.get("quantity", Decimal(1)), info.data.get("kind", Kind.SALE)
        return read_net_minor(value, quantity, kind, _context(info).conventions)

    @model_validator(mode="after")
    def _count_for_business_day(self, info: ValidationInfo) -> Self:
        restaurant = _context(info).conventions.restaurant
        object.__setattr__(self, "business_date", find_business_date(self.occurred_at, restaurant))
        object.__setattr__(self, "kind", settle_kind(self.kind, self.quantity))
        object.__setattr__(self, "occurred_at", self.occurred_at.astimezone(UTC))
        return self


def read_occurred_at(value: MomentCells, context: LineContext) -> datetime:
    """The instant that the cells of a date, the time beside it, a time and a zone make.

    Like the other readers here it raises `PydanticCustomError`, whose type is the code.
    """
    date_text, time_beside, time_text, zone_text = value
    time_text = time_text or time_beside
    if not date_text:
        raise PydanticCustomError("date_missing", "The date is missing. Fill it in.")
    if not time_text:
        raise PydanticCustomError("time_missing", "The time is missing. Fill it in.")
    conventions = context.conventions
    zone = read_zone(zone_text) if zone_text else conventions.restaurant.timezone
    if zone is None:
        raise PydanticCustomError(
            "zone_unknown",
            "This is no time zone that Flux knows. Write it as in America/New_York.",
        )
    moment = read_moment(date_text, time_text, conventions.date_order, zone)
    clock, beside = read_time(time_text), read_time(time_beside)
    # A spreadsheet puts midnight beside a date that had no time.
    if clock and beside and clock != beside and beside[0] != time.min:
        raise PydanticCustomError(
            "times_differ",
            "The time beside the date is not the one in the time column. Correct one of them.",
        )
    if moment is None:
        raise PydanticCustomError(
            "date_unreadable",
            "This is not a date and time as the rest of the file has them. Correct it.",
        )
    if moment < EARLIEST:
        raise PydanticCustomError("date_too_old", "The date is before the year 2000. Correct it.")
    if moment > context.now + timedelta(days=1):
        raise PydanticCustomError("date_in_future", "The date is in the future. Correct it.")
    return moment


def find_business_date(moment: datetime, restaurant: Restaurant) -> date:
    """The day the moment counts for: that before, until the restaurant's day starts."""
    local = moment.astimezone(restaurant.timezone)
    is_early = local.time() < restaurant.day_starts_at
    return local.date() - timedelta(days=is_early)


def read_text(value: str | None, field_name: str) -> str | None:
    """The text with single blanks; `None` for an empty one, unless it is the item's name."""
    text = _BLANKS.sub(" ", value or "").strip()
    is_item = field_name == "item_name"
    if not text:
        if is_item:
            raise PydanticCustomError("item_missing", "The item's name is missing. Fill it in.")
        return None
    if not text.isprintable() and any(unicodedata.category(sign) == "Cc" for sign in text):
        raise PydanticCustomError(
            "text_unreadable", "The text holds characters that cannot be read. Retype it."
        )
    longest = MAX_ORDER_ID if field_name == "order_id" else MAX_TEXT
    if len(text) > longest:
        raise PydanticCustomError(
            "text_too_long", f"The text is longer than {longest} characters. Shorten it."
        )
    if is_item and is_totals_label(text):
        raise PydanticCustomError(
            "totals_row",
            "This row is named a total of others, but has a date like a sale. It was not counted. If it is a sale, give"
            " its item another name.",
        )
    return text


def read_line_quantity(value: str | None, conventions: Conventions) -> Decimal:
    """How many units; one where the file has no quantities."""
    if value is None:
        return Decimal(1)
    if not value.strip():
        raise PydanticCustomError("quantity_missing", "The quantity is missing. Fill it in.")
    quantity = read_quantity(value, conventions.decimal_sign)
    if quantity is None:
        raise PydanticCustomError(
            "quantity_unreadable", "This is not a quantity. Put in a number such as 1."
        )
    if quantity == 0 or abs(quantity) > MAX_QUANTITY:
        raise PydanticCustomError(
            "quantity_out_of_range",
            "The quantity must not be 0, nor above 100,000. Correct it.",
        )
    if quantity != quantity.quantize(_QUANTITY_STEP, context=_EXACT):
        raise PydanticCustomError(
            "quantity_too_precise", "The quantity has more than three decimals. Round it."
        )
    return quantity


def read_net_minor(value: str, quantity: Decimal, kind: Kind, conventions: Conventions) -> int:
    """The line's amount in minor units of the restaurant's currency."""
    if not value.strip():
        raise PydanticCustomError("amount_missing", "The amount is missing. Fill it in.")
    amount = read_decimal(value, conventions.decimal_sign)
    if amount is None:
        raise PydanticCustomError(
            "amount_unreadable", "This is not an amount. Put in a number such as 12.50."
        )
    digits = conventions.restaurant.minor_digits
    is_unit = conventions.price_meaning is PriceMeaning.UNIT
    if (quantity < 0 and (amount < 0 if is_unit else amount > 0)) or (
        kind is Kind.REFUND and not is_unit and amount > 0
    ):
        raise PydanticCustomError(
            "sign_unclear",
            "It is not clear whether this is a sale or a refund. In a refund the quantity is negative, and the"
            " amount of the line, but not the price of one unit.",
        )
    if is_unit:
        amount = _EXACT.multiply(amount, quantity)
    minor = _EXACT.scaleb(amount, digits)
    if minor != minor.to_integral_value():
        raise PydanticCustomError(
            "amount_too_precise", "The amount has more decimals than the currency. Round it."
        )
    if digits < 3 and _could_be_thousands(value, conventions.decimal_sign):
        raise PydanticCustomError(
            "amount_unclear",
            "This could be thousands or thousandths. Write it with the decimals of the currency.",
        )
    if abs(minor) > MAX_MINOR:
        raise PydanticCustomError(
            "amount_too_large", "The amount is too large to be a sold line. Correct it."
        )
    return int(minor)


def settle_kind(kind: Kind, quantity: Decimal) -> Kind:
    """A sale of less than nothing is a refund."""
    return Kind.REFUND if kind is Kind.SALE and quantity < 0 else kind


def is_totals_label(text: str) -> bool:
    """Whether it is what stands beside a sum at the foot of a report."""
    return len(text) <= 40 and bool(_TOTALS.fullmatch(text.strip().casefold()))


def validate_line(cells: Mapping[str, Any], context: LineContext) -> SaleLine:
    """The line that the cells make; `pydantic.ValidationError` with coded errors if they make none."""
    return SaleLine.model_validate(cells, context=context)


def _could_be_thousands(text: str, sign: DecimalSign) -> bool:
    """Whether its three decimals, such as in `1,000`, would be three digits with the other sign."""
    open_to = Writing.OPEN_POINT if sign is DecimalSign.POINT else Writing.OPEN_COMMA
    return see_writing(text)[0] is open_to


def _context(info: ValidationInfo) -> LineContext:
    assert isinstance(info.context, LineContext)  # noqa: S101
    return info.context
