"""What a dashboard reads, made anew for the days on which an order was added, changed or taken away.

Which orders count is said here and nowhere else: those with lines that were sold, by their lines; and
those of which only totals are known, by these. So is what one item is, and one category.
"""

from collections.abc import Collection
from datetime import date
from typing import LiteralString
from uuid import UUID

from psycopg import Cursor

from flux.ingestion.meaning import COUNTED
from flux.ingestion.restaurant import Restaurant

# Names that differ in case are one; blanks were settled when the row was read. They are compared byte by byte,
# which is quicker than by any language's order.
ITEM_KEY: LiteralString = 'lower(item_name) COLLATE "C"'
CATEGORY_KEY: LiteralString = "coalesce(lower(category), '') COLLATE \"C\""
IS_SOLD: LiteralString = "kind IN (" + ", ".join(f"'{each}'" for each in COUNTED) + ")"


def write_counted_orders(restaurant: LiteralString, days: LiteralString) -> LiteralString:
    """A query for the orders that count: `restaurant` is its placeholder, `days` a condition that begins with
    `business_date`.

    Neither an order with lines, of which none was sold, nor one of only a gift card or a tip, is an order.
    `source_row` is null where the order has lines, which know their rows.
    """
    return f"""
        SELECT business_date, id, occurred_at, upload_id, NULL::bigint AS source_row, order_key, item_count, net_minor
        FROM transactions
        WHERE restaurant_id = {restaurant} AND {days} AND item_count > 0
        UNION ALL
        SELECT business_date, id, occurred_at, upload_id, source_row, order_key, 0, net_minor
        FROM order_totals o
        WHERE restaurant_id = {restaurant} AND {days} AND (net_minor <> 0 OR discounts_minor <> 0)
          AND NOT EXISTS (
              SELECT FROM transactions t
              WHERE t.restaurant_id = {restaurant} AND t.{days}
                AND t.business_date = o.business_date AND t.id = o.id
          )
    """  # noqa: S608 (no input in it)


def roll_up(
    cursor: Cursor,
    restaurant_id: UUID,
    days: Collection[date],
    restaurant: Restaurant,
    summed: Collection[date] = (),
) -> None:
    """Make the figures of these business days anew, in the caller's transaction, which has the tenant entered.

    Of the days in `summed`, `incoming_hours` and `incoming_items` have the sums of all that was sold already
    (`incoming.py`).
    """
    values = {
        "restaurant": restaurant_id,
        "days": sorted(days),
        "timezone": restaurant.timezone.key,
    }
    others = sorted(set(days).difference(summed))
    for statement in (_HASH, *_FORGET):
        cursor.execute(statement, values)
    for statement in _ROLL_UP_SUMMED if summed else ():
        cursor.execute(statement, values)
    for statement in _ROLL_UP if others else ():
        cursor.execute(statement, values | {"days": others})
    cursor.execute(_AS_BEFORE)


_DAYS: LiteralString = "business_date = ANY(%(days)s::date[])"
_FORGET: tuple[LiteralString, ...] = tuple(
    f"DELETE FROM {table} WHERE restaurant_id = %(restaurant)s AND {_DAYS}"  # noqa: S608
    for table in ("sales_by_hour", "items_by_day")
)
# Sorting a million lines on the disk takes three times as long.
_HASH: LiteralString = "SET LOCAL enable_sort = off; SET LOCAL work_mem = '64MB'"
_AS_BEFORE: LiteralString = "SET LOCAL enable_sort TO DEFAULT; SET LOCAL work_mem TO DEFAULT"


def _roll_up_hours(orders: LiteralString) -> LiteralString:
    return f"""
    INSERT INTO sales_by_hour (restaurant_id, business_date, hour, orders, items, net_minor)
    SELECT %(restaurant)s, business_date, hour, sum(orders), sum(items), sum(net_minor)
    FROM {orders}
    GROUP BY 2, 3
    ORDER BY 2, 3
    """  # noqa: S608


def _roll_up_items(lines: LiteralString) -> LiteralString:
    # Days side by side, since that is how they are read.
    return f"""
    INSERT INTO items_by_day (restaurant_id, business_date, item_key, category_key, item_name, category, quantity,
                              lines, net_minor)
    SELECT %(restaurant)s, business_date, {ITEM_KEY}, {CATEGORY_KEY}, min(item_name COLLATE "C"),
           min(category COLLATE "C"), sum(quantity), sum(lines), sum(net_minor)
    FROM {lines}
    GROUP BY 2, 3, 4
    ORDER BY 2, 3, 4
    """  # noqa: S608


_ROLL_UP_SUMMED = (
    _roll_up_hours("incoming_hours"),
    _roll_up_items("""(
        SELECT business_date, item_name, category, thousandths * 0.001 AS quantity, lines, net_minor
        FROM incoming_items
    ) AS summed"""),
)
_ROLL_UP = (
    _roll_up_hours(f"""(
        SELECT business_date, extract(hour FROM occurred_at AT TIME ZONE %(timezone)s) AS hour, count(*) AS orders,
               sum(item_count) AS items, sum(net_minor) AS net_minor
        FROM ({write_counted_orders("%(restaurant)s", _DAYS)}) AS counted
        GROUP BY 1, 2
    ) AS written"""),  # noqa: S608
    _roll_up_items(f"""(
        SELECT business_date, item_name, category, sum(quantity) AS quantity, count(*) AS lines,
               sum(net_minor) AS net_minor
        FROM transaction_items
        WHERE restaurant_id = %(restaurant)s AND {_DAYS} AND {IS_SOLD}
        GROUP BY 1, 2, 3
    ) AS written"""),  # noqa: S608
)
