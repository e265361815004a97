"""The answers, and the rows behind them, as CSVs for a spreadsheet."""

import csv
import io
from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from flux.core.errors import FluxError
from flux.insights.period import Period
from flux.insights.rows import LinesWanted, OrdersWanted, find_lines, find_orders, show_number
from flux.insights.schemas import Export, Ranking
from flux.insights.service import list_categories, list_days, list_hours, rank_items
from flux.restaurants.service import Tenant

# As many as fit into an answer, wherever the API runs.
MOST_ROWS = 50_000
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Iterable[Any]


class TooManyRowsError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "too_many_rows",
            422,
            f"A file holds at most {MOST_ROWS:,} rows. Choose a shorter period, and export it in parts.",
        )


async def write_export(tenant: Tenant, what: Export, period: Period) -> str:
    """The CSV's text: amounts in the restaurant's currency, times in its zone. Raises `TooManyRowsError`.

    Begins with a byte order mark, without which Excel takes UTF-8 for something else.
    """
    rows = await _EXPORTS[what](tenant, period)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_disarm(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


async def _write_days(tenant: Tenant, period: Period) -> Iterable[Row]:
    answer = await list_days(tenant, period)
    return [
        ("Business day", "Orders", "Revenue", "Currency"),
        *(
            (each.business_date, each.orders, *_money(tenant, each.net_minor))
            for each in answer.days
        ),
    ]


async def _write_items(tenant: Tenant, period: Period) -> Iterable[Row]:
    answer = await rank_items(tenant, period, Ranking.REVENUE, limit=None)
    return [
        ("Item", "Quantity", "Revenue", "Currency"),
        *((each.name, each.quantity, *_money(tenant, each.net_minor)) for each in answer.items),
    ]


async def _write_categories(tenant: Tenant, period: Period) -> Iterable[Row]:
    answer = await list_categories(tenant, period)
    without = answer.without_lines_minor
    return [
        ("Category", "Quantity", "Revenue", "Currency"),
        *(
            (each.name or "", each.quantity, *_money(tenant, each.net_minor))
            for each in answer.categories
        ),
        *([("Orders without lines", "", *_money(tenant, without))] if without else []),
    ]


async def _write_hours(tenant: Tenant, period: Period) -> Iterable[Row]:
    answer = await list_hours(tenant, period)
    return [
        ("Weekday (1 is Monday)", "Hour", "Orders", "Revenue", "Currency"),
        *(
            (each.weekday, each.hour, each.orders, *_money(tenant, each.net_minor))
            for each in answer.hours
        ),
    ]


async def _write_orders(tenant: Tenant, period: Period) -> Iterable[Row]:
    found = _bound(await find_orders(tenant, OrdersWanted(period), MOST_ROWS + 1, []))
    return [
        ("Business day", "Time", "Order", "Lines", "Revenue", "Currency", "File"),
        *(
            (
                each.business_date,
                _local(tenant, each.occurred_at),
                show_number(each.order_key) or "",
                each.item_count,
                *_money(tenant, each.net_minor),
                each.filename,
            )
            for each in found
        ),
    ]


async def _write_lines(tenant: Tenant, period: Period) -> Iterable[Row]:
    found = _bound(await find_lines(tenant, LinesWanted(period), MOST_ROWS + 1, []))
    return [
        ("Business day", "Time", "Order", "Item", "Category", "Variant", "Quantity", "Revenue", "Currency", "File",
         "Row"),
        *(
            (
                each.business_date,
                _local(tenant, each.occurred_at),
                show_number(each.order_key) or "",
                each.item_name,
                each.category or "",
                each.variant or "",
                each.quantity,
                *_money(tenant, each.net_minor),
                each.filename,
                each.source_row,
            )
            for each in found
        ),
    ]  # fmt: skip


_EXPORTS: dict[Export, Callable[[Tenant, Period], Awaitable[Iterable[Row]]]] = {
    Export.DAYS: _write_days,
    Export.ITEMS: _write_items,
    Export.CATEGORIES: _write_categories,
    Export.HOURS: _write_hours,
    Export.ORDERS: _write_orders,
    Export.LINES: _write_lines,
}


def _bound(found: list[Any]) -> list[Any]:
    if len(found) > MOST_ROWS:
        raise TooManyRowsError
    return found


def _money(tenant: Tenant, minor: int) -> tuple[Decimal, str]:
    currency = tenant.restaurant.currency
    return Decimal(minor).scaleb(-get_currency_precision(currency)), currency


def _local(tenant: Tenant, at: Any) -> str:
    return f"{at.astimezone(ZoneInfo(tenant.restaurant.timezone)):%Y-%m-%d %H:%M:%S}"


def _disarm(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
