"""Answers to the questions a dashboard asks. Money is in minor units of `currency`, days are business days."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import PlainSerializer

from flux.core.schemas import ApiModel

Quantity = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class SummaryOut(ApiModel):
    """All sales of the restaurant. `items` is the sum of quantities, `today` its business day now.

    `sample_upload_id` is the upload of made-up sales, if these are what is counted.
    """

    orders: int
    items: Quantity
    net_minor: int
    currency: str
    first_business_date: date | None
    last_business_date: date | None
    today: date
    sample_upload_id: UUID | None


class Ranking(StrEnum):
    """What the first of a list has most of."""

    REVENUE = "revenue"
    QUANTITY = "quantity"


class Comparison(StrEnum):
    """`previous` are as many days just before; `same_weekdays` as many, whole weeks before."""

    PREVIOUS = "previous"
    SAME_WEEKDAYS = "same_weekdays"


class PeriodOut(ApiModel):
    """From the first to the last business day, both included."""

    first: date
    last: date


class FiguresOut(ApiModel):
    """`average_check_minor` is revenue by orders, rounded; null without an order."""

    period: PeriodOut
    orders: int
    net_minor: int
    average_check_minor: int | None


class ComparisonOut(FiguresOut):
    """`is_known`: whether Flux has sales from before its first day on, so that nothing can be missing at its start."""

    kind: Comparison
    is_known: bool


class SalesOut(FiguresOut):
    """Revenue, orders and average check of a period, and of those it is compared with."""

    currency: str
    comparisons: list[ComparisonOut]


class DayOut(ApiModel):
    business_date: date
    orders: int
    net_minor: int


class DaysOut(ApiModel):
    """Every day of the period, also those without sales."""

    period: PeriodOut
    currency: str
    days: list[DayOut]


class HourOut(ApiModel):
    """`weekday` is that of the business day, 1 for Monday to 7 for Sunday; `hour` the local one, 0 to 23."""

    weekday: int
    hour: int
    orders: int
    net_minor: int


class HoursOut(ApiModel):
    """The sums of each hour of a weekday that had sales; a day begins at `day_starts_hour`."""

    period: PeriodOut
    currency: str
    day_starts_hour: int
    hours: list[HourOut]


class ItemOut(ApiModel):
    """`key` finds its lines."""

    key: str
    name: str
    quantity: Quantity
    lines: int
    net_minor: int


class ItemsOut(ApiModel):
    """The first of so many `items_total` items, in the order asked for."""

    period: PeriodOut
    currency: str
    items_total: int
    items: list[ItemOut]


class CategoryOut(ApiModel):
    """`key` finds its lines; that of lines without a category is empty, and they have no `name`."""

    key: str
    name: str | None
    quantity: Quantity
    lines: int
    net_minor: int


class CategoriesOut(ApiModel):
    """All categories. With `without_lines_minor`, of orders of which only totals are known, they add up to the revenue."""

    period: PeriodOut
    currency: str
    categories: list[CategoryOut]
    without_lines_minor: int


class OrderLineOut(ApiModel):
    """A line that was sold, or given back; `row_number` is the spreadsheet's."""

    item: str
    quantity: Quantity
    net_minor: int
    row_number: int


class OrderOut(ApiModel):
    """An order that counts. One of which only the total is known has no `lines`, but a `row_number`.

    `number` is the till's; null where the file had none.
    """

    id: UUID
    business_date: date
    occurred_at: datetime
    number: str | None
    net_minor: int
    currency: str
    upload_id: UUID
    filename: str
    row_number: int | None
    lines: list[OrderLineOut]


class LineOut(ApiModel):
    """A line that counts, with the file it came from; `row_number` is the spreadsheet's."""

    order_id: UUID
    business_date: date
    occurred_at: datetime
    order_number: str | None
    item: str
    category: str | None
    variant: str | None
    quantity: Quantity
    net_minor: int
    currency: str
    upload_id: UUID
    filename: str
    row_number: int


class Export(StrEnum):
    """What a CSV can hold."""

    DAYS = "days"
    ITEMS = "items"
    CATEGORIES = "categories"
    HOURS = "hours"
    ORDERS = "orders"
    LINES = "lines"
