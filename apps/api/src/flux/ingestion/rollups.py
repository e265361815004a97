"""What a dashboard reads, made anew for the days on which an order was added, changed or taken away.

Which orders count is said here and nowhere else: those with lines that were sold, by their lines; and
those of which only totals are known, by these.
"""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from psycopg import Cursor

from flux.ingestion.orders import Target
from flux.ingestion.restaurant import Restaurant


def roll_up(
    cursor: Cursor, restaurant_id: UUID, days: Collection[str], restaurant: Restaurant
) -> None:
    """Make the hours of these business days (ISO dates) anew, in the caller's transaction, which has the tenant entered."""
    values = {
        "restaurant": restaurant_id,
        "days": sorted(days),
        "timezone": restaurant.timezone.key,
    }
    cursor.execute(_FORGET, values)
    cursor.execute(_ROLL_UP, values)


def compare_with_lines(cursor: Cursor, target: Target, restaurant: Restaurant) -> list[str]:
    """A warning if orders of this upload have lines as well as totals, and the two come to different sums.

    One minor unit apart is rounding. Neither is changed.
    """
    values = {"restaurant": target.restaurant_id, "upload": target.upload_id}
    found = cursor.execute(_FIND_DIFFERENT, values).fetchone()
    if found is None or not found[0]:
        return []
    number, key, by_lines, by_totals = found

    def show(minor: int) -> str:
        amount = Decimal(minor).scaleb(-restaurant.minor_digits)
        return f"{amount:,.{restaurant.minor_digits}f}"

    orders = "1 order comes" if number == 1 else f"{number:,} orders come"
    return [
        f"{orders} to another sum than their lines: first {key}, whose lines come to {show(by_lines)}, and which the"
        f" till's list of orders has with {show(by_totals)} {restaurant.currency}. Sales are counted by the lines."
    ]


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
_FIND_DIFFERENT = """
    SELECT count(*) OVER (), t.order_key, t.net_minor, o.net_minor
    FROM order_totals o
    JOIN transactions t ON t.business_date = o.business_date AND t.id = o.id
    WHERE o.restaurant_id = %(restaurant)s AND t.restaurant_id = %(restaurant)s
      AND (o.upload_id = %(upload)s OR t.upload_id = %(upload)s) AND abs(t.net_minor - o.net_minor) > 1
    ORDER BY t.occurred_at, t.order_key
    LIMIT 1
"""
