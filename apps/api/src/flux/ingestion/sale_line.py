"""The one model that says what a valid sold line is.

It takes the cells of a row as the file has them, with the file's conventions as context, and alone
decides what is refused: each error's type is the code, its message what the owner is to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from flux.ingestion.cells import read_decimal, read_moment
from flux.ingestion.understand import Conventions, PriceMeaning

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MAX_TEXT = 300
MAX_QUANTITY = Decimal(100_000)
MAX_MINOR = 10**12
_QUANTITY_STEP = Decimal("0.001")


@dataclass(frozen=True)
class LineContext:
    """What a line is read with: the file's conventions, and the time at which it is read."""

    conventions: Conventions
    now: datetime


class SaleLine(BaseModel):
    """One sold line.

    `occurred_at` is an instant, `business_date` the restaurant's day it counts for, `net_minor` the
    line's amount in minor units of its currency: negative for a refund. `order_id` is the till's,
    or `None` where each line stands alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurred_at: AwareDatetime
    order_id: Annotated[str, Field(max_length=200)] | None
    item_name: str
    category: str | None
    variant: str | None
    quantity: Decimal
    net_minor: int
    business_date: date = date.min

    @field_validator("occurred_at", mode="before")
    @classmethod
    def _read_moment(cls, value: tuple[str, str], info: ValidationInfo) -> datetime:
        context = _context(info)
        date_text, time_text = value
        if not date_text:
            raise PydanticCustomError(
                "date_missing", "The date is missing. Fill it in."
            )
        if not time_text:
            raise PydanticCustomError(
                "time_missing", "The time is missing. Fill it in."
            )
        conventions = context.conventions
        moment = read_moment(
            date_text,
            time_text,
            conventions.date_order,
            conventions.restaurant.timezone,
        )
        if moment is None:
            raise PydanticCustomError(
                "date_unreadable",
                "This is not a date and time as the rest of the file has them. Correct it.",
            )
        if moment < EARLIEST:
            raise PydanticCustomError(
                "date_too_old", "The date is before the year 2000. Correct it."
            )
        if moment > context.now + timedelta(days=1):
            raise PydanticCustomError(
                "date_in_future", "The date is in the future. Correct it."
            )
        return moment

    @field_validator("order_id", "item_name", "category", "variant", mode="before")
    @classmethod
    def _read_text(cls, value: str | None, info: ValidationInfo) -> str | None:
        text = (value or "").strip()
        if not text:
            if info.field_name == "item_name":
                raise PydanticCustomError(
                    "item_missing", "The item's name is missing. Fill it in."
                )
            return None
        if not text.isprintable():
            raise PydanticCustomError(
                "text_unreadable",
                "The text holds characters that cannot be read. Retype it.",
            )
        if len(text) > MAX_TEXT:
            raise PydanticCustomError(
                "text_too_long",
                f"The text is longer than {MAX_TEXT} characters. Shorten it.",
            )
        return text

    @field_validator("quantity", mode="before")
    @classmethod
    def _read_quantity(cls, value: str | None, info: ValidationInfo) -> Decimal:
        if value is None:
            return Decimal(1)
        quantity = read_decimal(value, _context(info).conventions.decimal_sign)
        if quantity is None:
            raise PydanticCustomError(
                "quantity_unreadable",
                "This is not a quantity. Put in a number such as 1.",
            )
        if quantity == 0 or abs(quantity) > MAX_QUANTITY:
            raise PydanticCustomError(
                "quantity_out_of_range",
                "The quantity must not be 0, nor above 100,000. Correct it.",
            )
        if quantity != quantity.quantize(_QUANTITY_STEP):
            raise PydanticCustomError(
                "quantity_too_precise",
                "The quantity has more than three decimals. Round it.",
            )
        return quantity

    @field_validator("net_minor", mode="before")
    @classmethod
    def _read_amount(cls, value: str, info: ValidationInfo) -> int:
        conventions = _context(info).conventions
        if not value.strip():
            raise PydanticCustomError(
                "amount_missing", "The amount is missing. Fill it in."
            )
        amount = read_decimal(value, conventions.decimal_sign)
        if amount is None:
            raise PydanticCustomError(
                "amount_unreadable",
                "This is not an amount. Put in a number such as 12.50.",
            )
        quantity = info.data.get("quantity", Decimal(1))
        if conventions.price_meaning is PriceMeaning.UNIT:
            amount *= quantity
        elif quantity < 0 < amount:
            raise PydanticCustomError(
                "sign_unclear",
                "The quantity is negative but the amount is not. Make both negative for a refund.",
            )
        minor = amount.scaleb(conventions.restaurant.minor_digits)
        if minor != minor.to_integral_value():
            raise PydanticCustomError(
                "amount_too_precise",
                "The amount has more decimals than the currency. Round it.",
            )
        if abs(minor) > MAX_MINOR:
            raise PydanticCustomError(
                "amount_too_large",
                "The amount is too large to be a sold line. Correct it.",
            )
        return int(minor)

    @model_validator(mode="after")
    def _count_for_business_day(self, info: ValidationInfo) -> Self:
        restaurant = _context(info).conventions.restaurant
        local = self.occurred_at.astimezone(restaurant.timezone)
        day = (
            local.date() - timedelta(days=1)
            if local.time() < restaurant.day_starts_at
            else local.date()
        )
        object.__setattr__(self, "business_date", day)
        object.__setattr__(self, "occurred_at", self.occurred_at.astimezone(UTC))
        return self


def validate_line(cells: Mapping[str, Any], context: LineContext) -> SaleLine:
    """The line that the cells make; `pydantic.ValidationError` with coded errors if they make none."""
    return SaleLine.model_validate(cells, context=context)


def _context(info: ValidationInfo) -> LineContext:
    assert isinstance(info.context, LineContext)  # noqa: S101
    return info.context
