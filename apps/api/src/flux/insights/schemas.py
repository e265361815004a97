"""Answers to the questions a dashboard asks."""

from datetime import date
from decimal import Decimal

from pydantic import field_serializer

from flux.core.schemas import ApiModel


class SummaryOut(ApiModel):
    """All sales of the restaurant. `items` is the sum of quantities, `net_minor` in minor units."""

    orders: int
    items: Decimal
    net_minor: int
    currency: str
    first_business_date: date | None
    last_business_date: date | None

    @field_serializer("items")
    def _as_number(self, items: Decimal) -> float:
        return float(items)
