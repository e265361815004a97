"""Which business days a question is about, and which it compares them with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from sqlalchemy import func, select

from flux.core import clock
from flux.core.errors import FluxError
from flux.ingestion.models import SalesByHour
from flux.restaurants.models import Restaurant
from flux.restaurants.service import SeesSales, Tenant

MOST_DAYS = 3 * 366
_USUAL_DAYS = 28
_WEEK = 7
# Nothing that a till ever sold; a period before it would have no days to be compared with.
_FIRST, _LAST = date(1970, 1, 1), date(2200, 1, 1)


class BadPeriodError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "bad_period",
            422,
            f"A period goes from a day to the same or a later one, and has at most {MOST_DAYS:,} days.",
        )


@dataclass(frozen=True)
class Period:
    """Business days from the first to the last, both of them in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def shift_back(self, days: int) -> "Period":
        back = timedelta(days=days)
        return Period(self.first - back, self.last - back)

    def previous(self) -> "Period":
        """As many days, just before."""
        return self.shift_back(self.days)

    def same_weekdays(self) -> "Period":
        """As many days, as many whole weeks before as it takes to have none in common."""
        return self.shift_back(-(-self.days // _WEEK) * _WEEK)


def find_business_day(restaurant: Restaurant, at: datetime) -> date:
    """The restaurant's business day at this instant."""
    local = at.astimezone(ZoneInfo(restaurant.timezone))
    return local.date() - timedelta(days=local.time() < restaurant.day_starts_at)


async def get_period(
    tenant: SeesSales,
    first: Annotated[
        date | None,
        Query(alias="from", description="The first business day; 27 before the last if absent."),
    ] = None,
    last: Annotated[
        date | None,
        Query(alias="to", description="The last one; the last with sales if absent."),
    ] = None,
) -> Period:
    """The period that a request names. Raises `BadPeriodError`."""
    last = last or await _find_last_day(tenant)
    if not _FIRST <= last <= _LAST:
        raise BadPeriodError
    period = Period(first or last - timedelta(days=_USUAL_DAYS - 1), last)
    if not _FIRST <= period.first <= last or period.days > MOST_DAYS:
        raise BadPeriodError
    return period


async def _find_last_day(tenant: Tenant) -> date:
    found = await tenant.session.scalar(
        select(func.max(SalesByHour.business_date)).where(
            SalesByHour.restaurant_id == tenant.restaurant.id
        )
    )
    return found or find_business_day(tenant.restaurant, clock.now())


PeriodDep = Annotated[Period, Depends(get_period)]
