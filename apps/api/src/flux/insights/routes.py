"""/api/insights: what the sales say, and the rows that say it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from flux.core import clock
from flux.core.errors import document_problems
from flux.core.paging import Cursor, Limit
from flux.core.schemas import Page
from flux.insights import rows, service
from flux.insights.export import write_export
from flux.insights.period import PeriodDep
from flux.insights.schemas import (
    CategoriesOut,
    DaysOut,
    Export,
    HoursOut,
    ItemsOut,
    LineOut,
    OrderOut,
    Ranking,
    SalesOut,
    SummaryOut,
)
from flux.restaurants.service import SeesSales

router = APIRouter(prefix="/api/insights", tags=["insights"])

_PROBLEMS = document_problems(401, 404)
Weekday = Annotated[int | None, Query(ge=1, le=7, description="Of the business day; 1 is Monday.")]
Hour = Annotated[int | None, Query(ge=0, le=23, description="Local, as of `hours`.")]
Key = Annotated[str | None, Query(max_length=500, pattern="^[^\\x00]*$")]


@router.get("/summary", responses=_PROBLEMS)
async def summary(tenant: SeesSales) -> SummaryOut:
    """Orders, items and money over everything uploaded so far."""
    return await service.summarise_sales(tenant, clock.now())


@router.get("/sales", responses=_PROBLEMS)
async def sales(tenant: SeesSales, period: PeriodDep) -> SalesOut:
    """Revenue, orders and average check of a period, and of the days before it."""
    return await service.compare_sales(tenant, period)


@router.get("/days", responses=_PROBLEMS)
async def days(tenant: SeesSales, period: PeriodDep) -> DaysOut:
    """Revenue and orders by business day."""
    return await service.list_days(tenant, period)


@router.get("/hours", responses=_PROBLEMS)
async def hours(tenant: SeesSales, period: PeriodDep) -> HoursOut:
    """Orders and revenue by weekday and hour."""
    return await service.list_hours(tenant, period)


@router.get("/items", responses=_PROBLEMS)
async def items(
    tenant: SeesSales, period: PeriodDep, by: Ranking = Ranking.REVENUE, limit: Limit = 10
) -> ItemsOut:
    """The items that brought in most, or were sold most."""
    return await service.rank_items(tenant, period, by, limit=limit)


@router.get("/categories", responses=_PROBLEMS)
async def categories(tenant: SeesSales, period: PeriodDep) -> CategoriesOut:
    """Revenue and quantity by category."""
    return await service.list_categories(tenant, period)


@router.get("/orders", responses=_PROBLEMS)
async def orders(
    tenant: SeesSales,
    period: PeriodDep,
    weekday: Weekday = None,
    hour: Hour = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[OrderOut]:
    """The orders behind a figure, the latest first, with their lines and the rows of the files these came from."""
    wanted = rows.OrdersWanted(period, weekday, hour)
    return await rows.list_orders(tenant, wanted, limit=limit, cursor=cursor)


@router.get("/lines", responses=_PROBLEMS)
async def lines(
    tenant: SeesSales,
    period: PeriodDep,
    item: Key = None,
    category: Key = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[LineOut]:
    """The lines behind the figure of an item or a category, by its key, the latest first, with their rows."""
    wanted = rows.LinesWanted(period, item, category)
    return await rows.list_lines(tenant, wanted, limit=limit, cursor=cursor)


@router.get(
    "/export.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **_PROBLEMS},
)
async def export_insights(
    tenant: SeesSales, period: PeriodDep, what: Export = Export.DAYS
) -> Response:
    """One of the answers as a CSV, or the orders or lines behind them: at most 50,000 rows."""
    name = f"{what}-{period.first}-{period.last}.csv"
    return Response(
        await write_export(tenant, what, period),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
