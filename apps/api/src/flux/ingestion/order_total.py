"""The one model that says what a valid row of a list of orders is, and what its figures come to.

It takes the cells of a row as the file has them, like `sale_line.py`, whose readers it uses: each error's
type is the code, its message what the owner is to do.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
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

from flux.ingestion.formats import Figure
from flux.ingestion.meaning import Kind
from flux.ingestion.sale_line import (
    LineContext,
    MomentCells,
    find_business_date,
    read_net_minor,
    read_occurred_at,
    read_text,
)

# What two roundings may be apart, in minor units.
_ROUNDING = 1
# Which figure each of the model's amounts is read from.
FIGURES = {
    "net_minor": Figure.NET,
    "tax_minor": Figure.TAX,
    "tips_minor": Figure.TIPS,
    "charges_minor": Figure.CHARGES,
    "discounts_minor": Figure.DISCOUNTS,
    "deferred_minor": Figure.DEFERRED,
    "refunds_minor": Figure.REFUNDS,
    "total_minor": Figure.TOTAL,
}


class OrderTotal(BaseModel):
    """What a till says of one order, or of one payment of it. Amounts are in minor units of its currency.

    `net_minor` is after discounts and refunds, without tax, tips and charges: what the order's lines come to.
    `discounts_minor` is above zero for a sale, whichever sign the till gives it. `total_minor` is the till's,
    after refunds. `tendered_minor` is what was paid by this row, where the till says so.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    occurred_at: AwareDatetime
    order_id: str
    net_minor: int | None
    tax_minor: int
    tips_minor: int
    charges_minor: int
    discounts_minor: int
    deferred_minor: int
    refunds_minor: int
    total_minor: int | None
    tendered_minor: int | None
    payment: str | None
    business_date: date = date.min

    @field_validator("occurred_at", mode="before")
    @classmethod
    def _read_moment(cls, value: MomentCells, info: ValidationInfo) -> datetime:
        return read_occurred_at(value, _context(info))

    @field_validator("order_id", "payment", mode="before")
    @classmethod
    def _read_text(cls, value: str | None, info: ValidationInfo) -> str | None:
        text = read_text(value, "order_id")
        if text is None and info.field_name == "order_id":
            raise PydanticCustomError("order_missing", "The order's number is missing. Fill it in.")
        return text

    @field_validator(*FIGURES, "tendered_minor", mode="before")
    @classmethod
    def _read_figure(cls, cells: tuple[str, ...], info: ValidationInfo) -> int | None:
        """The sum of the cells, of which blank ones are nothing; of no cells, `None` if that may be."""
        is_optional = info.field_name in {"net_minor", "total_minor", "tendered_minor"}
        if not any(map(str.strip, cells)):
            return None if is_optional else 0
        return sum(_read_amount(cell, at, info) for at, cell in enumerate(cells) if cell.strip())

    @model_validator(mode="after")
    def _settle(self, info: ValidationInfo) -> Self:
        restaurant = _context(info).conventions.restaurant
        self.business_date = find_business_date(self.occurred_at, restaurant)
        self.occurred_at = self.occurred_at.astimezone(UTC)
        if self.net_minor is None:
            if self.total_minor is None:
                raise PydanticCustomError("amount_missing", "The amount is missing. Fill it in.")
            # Here the tip is no part of the total.
            self.net_minor = self.total_minor - self.tax_minor - self.charges_minor
        else:
            self._take_charges_out()
        if self.refunds_minor:
            self._take_refunds_out()
        if self.kind is Kind.REFUND and self.net_minor > 0:
            raise PydanticCustomError(
                "sign_unclear",
                "It is not clear whether this is a sale or a refund. The amount of a refund is negative.",
            )
        self.discounts_minor = abs(self.discounts_minor) * (-1 if self.net_minor < 0 else 1)
        if self.total_minor is None:
            self.total_minor = self._sum
        return self

    @property
    def net(self) -> int:
        """The net amount, which a valid order always has."""
        return self.net_minor or 0

    @property
    def _sum(self) -> int:
        return (
            self.net + self.tax_minor + self.tips_minor + self.charges_minor + self.deferred_minor
        )

    def _take_charges_out(self) -> None:
        """Tills differ in whether charges are in the net amount; the total says so."""
        if not self.charges_minor or self.total_minor is None:
            return
        if abs(self._sum - self.total_minor) <= _ROUNDING:
            return
        if abs(self._sum - self.charges_minor - self.total_minor) > _ROUNDING:
            raise PydanticCustomError(
                "charges_unclear",
                "The amounts of this order do not add up to its total, so it is not clear whether the charges are"
                " sales. Correct them, or upload the list of sold items alone.",
            )
        self.net_minor = self.net - self.charges_minor

    def _take_refunds_out(self) -> None:
        """What was given back holds a part of the tax and the charges, which only all or nothing tells."""
        refunds, total = abs(self.refunds_minor), self.total_minor or 0
        is_taken_out = abs(self._sum - (total - refunds)) <= _ROUNDING
        self.total_minor = total - refunds
        if refunds == total:
            self.net_minor = self.tax_minor = self.charges_minor = self.discounts_minor = 0
        elif is_taken_out:
            return
        elif self.tax_minor or self.charges_minor or self.tips_minor:
            raise PydanticCustomError(
                "refund_unclear",
                "A part of this order was given back, and the till does not say how much of that was tax, tip or charges."
                " Upload the list of sold items for it.",
            )
        else:
            self.net_minor = self.net - refunds


def validate_total(cells: Mapping[str, Any], context: LineContext) -> OrderTotal:
    """What the cells say; `pydantic.ValidationError` with coded errors if they say nothing that counts.

    An error in one of several cells of a figure has its place among them as `at` in its context.
    """
    return OrderTotal.model_validate(cells, context=context)


def _read_amount(cell: str, at: int, info: ValidationInfo) -> int:
    try:
        return read_net_minor(cell, Decimal(1), Kind.SALE, _context(info).conventions)
    except PydanticCustomError as error:
        raise PydanticCustomError(error.type, error.message_template, {"at": at}) from error


def _context(info: ValidationInfo) -> LineContext:
    assert isinstance(info.context, LineContext)  # noqa: S101
    return info.context
