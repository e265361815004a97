"""What a dashboard reads, made anew for the days on which an order was added, changed or taken away.

Which orders count is said here and nowhere else: those with lines that were sold, by their lines; and
those of which only totals are known, by these.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from psycopg import Cursor

from flux.ingestion.restaurant import Restaurant


def roll_up(
    cursor: Cursor, restaurant_id: UUID, days: Collection[date], restaurant: Restaurant
) -> None:
    """Make the hours of these business days anew, in the caller's transaction, which has the tenant entered."""
    values = {
        "restaurant": restaurant_id,
        "days": sorted(days),
        "timezone": restaurant.timezone.key,
    }
    cursor.execute(_FORGET, values)
    cursor.execute(_ROLL_UP, values)


_FORGET = "DELETE FROM sales_by_hour WHERE restaurant_id = %(restaurant)s AND business_date = ANY(%(days)s::date[])"
# Neither an order with lines, of which none was sold, nor one of only a gift card or a tip, is an order.
_ROLL_UP = """
    INSERT INTO sales_by_hour (restaurant_id, business_date, hour, orders, items, net_minor)
    SELECT %(restaurant)s, business_date, extract(hour FROM occurred_at AT TIME ZONE %(timezone)s), count(*),
           sum(item_count), sum(net_minor)
    FROM (
        SELECT business_date, occurred_at, item_count, net_minor
        FROM transactions
        WHERE restaurant_id = %(restaurant)s AND business_date = ANY(%(days)s::date[]) AND item_count > 0
        UNION ALL
        SELECT o.business_date, o.occurred_at, 0, o.net_minor
        FROM order_totals o
        WHERE o.restaurant_id = %(restaurant)s AND o.business_date = ANY(%(days)s::date[])
          AND (o.net_minor <> 0 OR o.discounts_minor <> 0)
          AND NOT EXISTS (
              SELECT FROM transactions t
              WHERE t.restaurant_id = %(restaurant)s AND t.business_date = ANY(%(days)s::date[])
                AND t.business_date = o.business_date AND t.id = o.id
          )
    ) AS counted
    GROUP BY 2, 3
"""
