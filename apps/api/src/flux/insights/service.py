"""The questions a dashboard asks, one function each, under the tenant's row-level security.

They read what ingestion rolled up, so each costs days times items and not lines. What stands behind a
figure, row by row, is in `rows.py`.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from flux.ingestion.models import ItemsByDay, SalesByHour
from flux.insights.period import Period, find_business_day
from flux.insights.schemas import (
    CategoriesOut,
    CategoryOut,
    Comparison,
    ComparisonOut,
    DayOut,
    DaysOut,
    HourOut,
    HoursOut,
    ItemOut,
    ItemsOut,
    PeriodOut,
    Ranking,
    SalesOut,
    SummaryOut,
)
from flux.restaurants.service import Tenant
from flux.uploads.sample import find_sample

_BOTH = (
    (Comparison.PREVIOUS, Period.previous),
    (Comparison.SAME_WEEKDAYS, Period.same_weekdays),
)


async def summarise_sales(tenant: Tenant, now: datetime) -> SummaryOut:
    """How many orders, how much of what, and how much money, over all business days.

    Orders of which only totals are known count, but say nothing of items.
    """
    orders = (
        await tenant.session.execute(
            select(
                func.coalesce(func.sum(SalesByHour.orders), 0),
                func.coalesce(func.sum(SalesByHour.net_minor), 0),
                func.min(SalesByHour.business_date),
                func.max(SalesByHour.business_date),
            ).where(SalesByHour.restaurant_id == tenant.restaurant.id)
        )
    ).one()
    items = await tenant.session.scalar(
        select(func.sum(ItemsByDay.quantity)).where(
            ItemsByDay.restaurant_id == tenant.restaurant.id
        )
    )
    return SummaryOut(
        orders=orders[0],
        items=items or Decimal(0),
        net_minor=int(orders[1]),
        currency=tenant.restaurant.currency,
        first_business_date=orders[2],
        last_business_date=orders[3],
        today=find_business_day(tenant.restaurant, now),
        sample_upload_id=await find_sample(tenant),
    )


async def compare_sales(tenant: Tenant, period: Period) -> SalesOut:
    """Revenue, orders and average check, and those of the days before."""
    periods = [period, *(find(period) for _, find in _BOTH)]
    first_known = (
        select(func.min(SalesByHour.business_date))
        .where(SalesByHour.restaurant_id == tenant.restaurant.id)
        .scalar_subquery()
    )
    sums = [
        func.coalesce(
            func.sum(column).filter(SalesByHour.business_date.between(each.first, each.last)), 0
        )
        for each in periods
        for column in (SalesByHour.orders, SalesByHour.net_minor)
    ]
    whole = Period(min(each.first for each in periods), period.last)
    known_from, *found = (
        await tenant.session.execute(
            select(first_known, *sums).where(*_within(tenant, whole, SalesByHour))
        )
    ).one()
    now, *before = (
        _show_figures(each, *found[2 * at : 2 * at + 2]) for at, each in enumerate(periods)
    )
    comparisons = [
        ComparisonOut(
            kind=kind, is_known=known_from is not None and known_from <= each.first, **figures
        )
        for (kind, _), each, figures in zip(_BOTH, periods[1:], before, strict=True)
    ]
    return SalesOut(currency=tenant.restaurant.currency, comparisons=comparisons, **now)


def _show_figures(period: Period, orders: int, net_minor: Decimal) -> dict[str, Any]:
    return {
        "period": _show(period),
        "orders": orders,
        "net_minor": int(net_minor),
        "average_check_minor": _round(Decimal(net_minor) / orders) if orders else None,
    }


async def list_days(tenant: Tenant, period: Period) -> DaysOut:
    """Revenue and orders of every day of the period, also where nothing was sold."""
    found = await tenant.session.execute(
        select(
            SalesByHour.business_date,
            func.sum(SalesByHour.orders),
            func.sum(SalesByHour.net_minor),
        )
        .where(*_within(tenant, period, SalesByHour))
        .group_by(SalesByHour.business_date)
    )
    known: dict[date, tuple[int, int]] = {
        day: (orders, int(net_minor)) for day, orders, net_minor in found
    }
    days = (period.first + timedelta(days=number) for number in range(period.days))
    return DaysOut(
        period=_show(period),
        currency=tenant.restaurant.currency,
        days=[
            DayOut(business_date=day, orders=orders, net_minor=net_minor)
            for day, (orders, net_minor) in ((day, known.get(day, (0, 0))) for day in days)
        ],
    )


async def list_hours(tenant: Tenant, period: Period) -> HoursOut:
    """Orders and revenue by weekday and hour, of those with sales."""
    weekday = func.extract("isodow", SalesByHour.business_date)
    found = await tenant.session.execute(
        select(
            weekday,
            SalesByHour.hour,
            func.sum(SalesByHour.orders),
            func.sum(SalesByHour.net_minor),
        )
        .where(*_within(tenant, period, SalesByHour))
        .group_by(weekday, SalesByHour.hour)
        .order_by(weekday, SalesByHour.hour)
    )
    return HoursOut(
        period=_show(period),
        currency=tenant.restaurant.currency,
        day_starts_hour=tenant.restaurant.day_starts_at.hour,
        hours=[
            HourOut(weekday=int(weekday), hour=hour, orders=orders, net_minor=int(net_minor))
            for weekday, hour, orders, net_minor in found
        ],
    )


async def rank_items(
    tenant: Tenant, period: Period, ranking: Ranking, *, limit: int | None
) -> ItemsOut:
    """The items with most revenue, or sold most often; names that differ in case are one."""
    name = func.min(ItemsByDay.item_name.collate("C"))
    wanted, sums = _group_items(tenant, period, ItemsByDay.item_key, name)
    quantity, _, net_minor = sums
    by = (net_minor, quantity) if ranking is Ranking.REVENUE else (quantity, net_minor)
    ranked = wanted.add_columns(func.count().over()).order_by(
        *(each.desc() for each in by), ItemsByDay.item_key
    )
    found = (await tenant.session.execute(ranked.limit(limit))).all()
    return ItemsOut(
        period=_show(period),
        currency=tenant.restaurant.currency,
        items_total=found[0][-1] if found else 0,
        items=[
            ItemOut(key=key, name=name, quantity=quantity, lines=lines, net_minor=int(net_minor))
            for key, name, quantity, lines, net_minor, _ in found
        ],
    )


async def list_categories(tenant: Tenant, period: Period) -> CategoriesOut:
    """What each category brought in, the most first, and what is not known by lines."""
    name = func.min(ItemsByDay.category.collate("C"))
    wanted, (_, _, net_minor) = _group_items(tenant, period, ItemsByDay.category_key, name)
    found = await tenant.session.execute(wanted.order_by(net_minor.desc(), ItemsByDay.category_key))
    categories = [
        CategoryOut(key=key, name=name, quantity=quantity, lines=lines, net_minor=int(net_minor))
        for key, name, quantity, lines, net_minor in found
    ]
    revenue = await tenant.session.scalar(
        select(func.coalesce(func.sum(SalesByHour.net_minor), 0)).where(
            *_within(tenant, period, SalesByHour)
        )
    )
    return CategoriesOut(
        period=_show(period),
        currency=tenant.restaurant.currency,
        categories=categories,
        without_lines_minor=int(revenue or 0) - sum(each.net_minor for each in categories),
    )


def _group_items(
    tenant: Tenant, period: Period, key: ColumnElement[str] | Any, name: ColumnElement[Any]
) -> tuple[Select[Any], tuple[ColumnElement[Any], ...]]:
    sums = tuple(
        func.sum(each) for each in (ItemsByDay.quantity, ItemsByDay.lines, ItemsByDay.net_minor)
    )
    wanted = select(key, name, *sums).where(*_within(tenant, period, ItemsByDay)).group_by(key)
    return wanted, sums


def _within(
    tenant: Tenant, period: Period, table: type[SalesByHour] | type[ItemsByDay]
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.restaurant_id == tenant.restaurant.id,
        table.business_date.between(period.first, period.last),
    )


def _show(period: Period) -> PeriodOut:
    return PeriodOut(first=period.first, last=period.last)


def _round(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
