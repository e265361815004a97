"""Whether the lines of orders and the till's list of orders say the same, whichever came second."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from psycopg import Cursor

from flux.ingestion.orders import Target
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.report import refuse
from flux.ingestion.restaurant import Restaurant

# So many orders of the same minute and amount are no chance.
_LEAST_ALIKE = 3


def check_agreement(
    cursor: Cursor, target: Target, restaurant: Restaurant, days: Collection[date], orders: int
) -> list[Said]:
    """What its owner is to know of orders of this upload that the other kind of list has with another sum.

    One minor unit apart is rounding; no figure is changed. `days` are those of its new and
    changed orders, `orders` is how many it holds. Raises `FileRefusedError` if most of them are stored
    already from the other kind of list under another number.
    """
    values = {
        "restaurant": target.restaurant_id,
        "upload": target.upload_id,
        "source": target.source,
        "location": target.location,
        "first_day": min(days),
        "last_day": max(days),
    }
    alike = cursor.execute(_COUNT_ALIKE, values).fetchone()
    if alike is not None and alike[0] >= _LEAST_ALIKE and 2 * alike[0] > orders:
        raise refuse(
            "known_from_elsewhere",
            "Flux has most of these orders already, under other numbers: a spreadsheet program has rounded those in"
            " one of the two lists, of orders or of sold items. Counting them again would double your sales. Export"
            " both from your till again and upload them without opening them first.",
        )
    found = cursor.execute(_FIND_DIFFERENT, values).fetchone()
    if found is None:
        return []
    number, key, by_lines, by_totals = found

    def show(minor: int) -> str:
        amount = Decimal(minor).scaleb(-restaurant.minor_digits)
        return f"{amount:,.{restaurant.minor_digits}f}"

    told = (key, show(by_lines), show(by_totals), restaurant.currency)
    if number == 1:
        return [say(PhraseCode.SUM_DIFFERS, *told)]
    return [say(PhraseCode.SUMS_DIFFER, f"{number:,}", *told)]


_FIND_DIFFERENT = """
    SELECT count(*) OVER (), t.order_key, t.net_minor, o.net_minor
    FROM order_totals o
    JOIN transactions t ON t.business_date = o.business_date AND t.id = o.id
    WHERE o.restaurant_id = %(restaurant)s AND t.restaurant_id = %(restaurant)s
      AND o.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND (o.upload_id = %(upload)s OR t.upload_id = %(upload)s) AND abs(t.net_minor - o.net_minor) > 1
    ORDER BY t.occurred_at, t.order_key
    LIMIT 1
"""
# The same place, minute and amount, and neither is known by its number to the other kind of list.
_COUNT_ALIKE = """
    WITH lonely_totals AS MATERIALIZED (
        SELECT o.id, o.upload_id, o.business_date, o.occurred_at, o.net_minor
        FROM order_totals o
        WHERE o.restaurant_id = %(restaurant)s AND o.business_date BETWEEN %(first_day)s AND %(last_day)s
          AND (o.source, o.location) = (%(source)s, %(location)s)
          AND NOT EXISTS (
              SELECT FROM transactions t
              WHERE t.restaurant_id = %(restaurant)s AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
                AND t.business_date = o.business_date AND t.id = o.id
          )
    ), lonely_orders AS MATERIALIZED (
        SELECT t.id, t.upload_id, t.business_date, t.occurred_at, t.net_minor
        FROM transactions t
        WHERE t.restaurant_id = %(restaurant)s AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
          AND (t.source, t.location) = (%(source)s, %(location)s) AND EXISTS (SELECT FROM lonely_totals)
          AND NOT EXISTS (
              SELECT FROM order_totals o
              WHERE o.restaurant_id = %(restaurant)s AND o.business_date BETWEEN %(first_day)s AND %(last_day)s
                AND o.business_date = t.business_date AND o.id = t.id
          )
    )
    SELECT count(DISTINCT CASE WHEN o.upload_id = %(upload)s THEN o.id ELSE t.id END)
    FROM lonely_totals o
    JOIN lonely_orders t ON t.business_date = o.business_date AND t.net_minor = o.net_minor
     AND date_trunc('minute', t.occurred_at) = date_trunc('minute', o.occurred_at)
    WHERE o.upload_id = %(upload)s OR t.upload_id = %(upload)s
"""
