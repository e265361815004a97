"""From rows of a list of orders to what is stored of each: COPY into a temporary table, then INSERT under RLS.

Everything happens in the caller's transaction, and as in `load.py` an order is known again by its id, which is
that of its lines, and seen to be changed by the fingerprint of its figures; a newer list replaces them.
"""

from collections.abc import Callable, Iterable
from typing import LiteralString

from psycopg import ClientCursor, Connection

from flux.ingestion.agreement import check_agreement
from flux.ingestion.load import Counts, is_of_newer, known_from_elsewhere, take_turn
from flux.ingestion.order_total import OrderTotal
from flux.ingestion.orders import Target, Turn, make_order_id
from flux.ingestion.parse import Rejection
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.report import Conclusion
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.rollups import roll_up
from flux.ingestion.totals import Row


def load_totals(
    connection: Connection,
    batches: Iterable[list[Row]],
    target: Target,
    restaurant: Restaurant,
    refuse_row: Callable[[Rejection], None],
) -> Counts:
    """Merge the orders' totals into the restaurant's, and bring its rollups up to date.

    The connection must be in a transaction with the tenant entered; loads of one restaurant wait for each
    other. Rows that contradict others of the same order are given to `refuse_row`. Raises `FileRefusedError`
    for orders that are known under another name.
    """
    load = _Load(connection, target)
    for batch in batches:
        load.add(batch)
    load.settle_repeated(refuse_row)
    load.merge(restaurant)
    return load.counts


class _Load:
    def __init__(self, connection: Connection, target: Target) -> None:
        self.counts = Counts()
        self._target = target
        self._values = target.values
        self._cursor = ClientCursor(connection)
        take_turn(connection, target.restaurant_id)
        self._cursor.execute(_PREPARE)

    def add(self, batch: list[Row]) -> None:
        with self._cursor.copy(_COPY) as copy:
            for row_number, total in batch:
                copy.write_row(self._write(row_number, total))
        self.counts.lines_accepted += len(batch)

    def _write(self, row_number: int, total: OrderTotal) -> tuple[object, ...]:
        day = total.business_date
        return (
            row_number, day, make_order_id(self._target, total.order_id, day), total.order_id, total.occurred_at,
            total.net_minor, total.tax_minor, total.tips_minor, total.charges_minor, total.discounts_minor,
            total.total_minor, total.payment, total.tendered_minor,
        )  # fmt: skip

    def settle_repeated(self, refuse_row: Callable[[Rejection], None]) -> None:
        """Make one row of each order, and refuse those that contradict each other."""
        cursor, counts = self._cursor, self.counts
        for statement in _MERGE_ROWS:
            cursor.execute(statement)
        refused = cursor.execute(_TAKE_UNCLEAR).fetchall()
        for row_number, order_key in sorted(refused):
            refuse_row(
                Rejection(
                    row_number, None, order_key, "order_twice",
                    "This order is in the file more than once, and the rows do not say the same. Keep the right one.",
                )
            )  # fmt: skip
        counts.lines_accepted -= len(refused)

    def merge(self, restaurant: Restaurant) -> None:
        cursor, counts, values = self._cursor, self.counts, self._values
        cursor.execute(_FINGERPRINT)
        found = cursor.execute(_SUM_UP).fetchone()
        assert found is not None  # noqa: S101 (an aggregate has a row)
        orders, net_minor, counts.first_at, counts.last_at = found
        counts.net_minor = int(net_minor)
        turn = self._target.turn
        if turn is not Turn.RESTORING:
            self._refuse_known_elsewhere(orders)
        with_lines = self._count(_COUNT_WITH_LINES)
        counts.orders_known = cursor.execute(_DROP_KNOWN[turn], values).rowcount
        days = {day for (day,) in cursor.execute(_FIND_DAYS)}
        counts.orders_changed = cursor.execute(_DELETE_CHANGED, values).rowcount
        counts.orders_new = orders - counts.orders_known - counts.orders_changed
        cursor.execute(_INSERT, values)
        if with_lines:
            counts.conclusions.append(
                Conclusion(
                    what="orders with lines",
                    decided=say(PhraseCode.COUNTED_BY_LINES, f"{with_lines:,}", f"{orders:,}"),
                    because=say(PhraseCode.SOLD_ITEMS_KNOWN),
                )
            )
        if days:
            roll_up(cursor, self._target.restaurant_id, days, restaurant)
        if days and turn is not Turn.RESTORING:
            counts.warnings += check_agreement(cursor, self._target, restaurant, days, orders)

    def _refuse_known_elsewhere(self, orders: int) -> None:
        """Raise `FileRefusedError` if most of the orders are there as another report, or place, named them."""
        for source, location, number in self._cursor.execute(_FIND_ELSEWHERE, self._values):
            if 2 * number > orders:
                raise known_from_elsewhere(source, location)

    def _count(self, question: LiteralString) -> int:
        found = self._cursor.execute(question, self._values).fetchone()
        return int(found[0]) if found else 0


_PREPARE = """
    SET LOCAL enable_nestloop = off;
    DROP TABLE IF EXISTS pg_temp.incoming_totals;
    CREATE TEMPORARY TABLE incoming_totals (
        source_row bigint, business_date date, id uuid, order_key text, occurred_at timestamptz, net_minor bigint,
        tax_minor bigint, tips_minor bigint, charges_minor bigint, discounts_minor bigint, total_minor bigint,
        payment text, tendered_minor bigint, fingerprint bytea
    ) ON COMMIT DROP
"""
_FIGURES = "net_minor, tax_minor, tips_minor, charges_minor, discounts_minor, total_minor"
_COPY = f"""
    COPY incoming_totals (source_row, business_date, id, order_key, occurred_at, {_FIGURES}, payment, tendered_minor)
    FROM STDIN
"""
_SUMS = ", ".join(f"{name} = s.{name}" for name in _FIGURES.split(", "))
_ADDED = ", ".join(f"sum({name}) AS {name}" for name in _FIGURES.split(", "))
# First the same row twice, unless it is one of several payments and does not say which. Then several
# payments of an order: each row has its own share of the order's figures if what was paid by the row is
# the row's own total; it repeats the figures of the whole order if what was paid by all rows is the total
# of each. What is left with more than one row is neither.
_MERGE_ROWS = (
    f"""
    DELETE FROM incoming_totals WHERE source_row IN (
        SELECT source_row FROM (
            SELECT source_row, payment, tendered_minor, row_number() OVER (
                PARTITION BY id, payment, tendered_minor, {_FIGURES} ORDER BY source_row
            ) AS place
            FROM incoming_totals
        ) AS numbered WHERE place > 1 AND (payment IS NOT NULL OR tendered_minor IS NULL)
    )
    """,  # noqa: S608 (no input in it)
    f"""
    WITH several AS (
        SELECT id, min(source_row) AS first_row, min(occurred_at) AS first_at,
               bool_and(tendered_minor IS NOT DISTINCT FROM total_minor) AS are_shares, {_ADDED}
        FROM incoming_totals GROUP BY id
        HAVING count(*) > 1 AND count(DISTINCT payment) = count(*)
           AND (bool_and(tendered_minor IS NOT DISTINCT FROM total_minor)
                OR (count(DISTINCT ({_FIGURES})) = 1 AND sum(tendered_minor) = min(total_minor)))
    ), others AS (
        DELETE FROM incoming_totals t USING several s WHERE t.id = s.id AND t.source_row > s.first_row
    ), shares AS (SELECT * FROM several WHERE are_shares)
    UPDATE incoming_totals t SET occurred_at = s.first_at, {_SUMS}
    FROM shares s WHERE t.id = s.id AND t.source_row = s.first_row
    """,  # noqa: S608
)
_TAKE_UNCLEAR = """
    DELETE FROM incoming_totals WHERE id IN (SELECT id FROM incoming_totals GROUP BY id HAVING count(*) > 1)
    RETURNING source_row, order_key
"""
_FINGERPRINT = f"""
    UPDATE incoming_totals SET fingerprint = sha256(convert_to(concat_ws('|', {_FIGURES}), 'UTF8'))
"""  # noqa: S608
_SUM_UP = "SELECT count(*), coalesce(sum(net_minor), 0), min(occurred_at), max(occurred_at) FROM incoming_totals"
_DAYS = "(SELECT min(business_date) FROM incoming_totals) AND (SELECT max(business_date) FROM incoming_totals)"
_LINED = f"""
    FROM incoming_totals o JOIN transactions t ON t.business_date = o.business_date AND t.id = o.id
    WHERE t.restaurant_id = %(restaurant)s AND t.business_date BETWEEN {_DAYS}
"""
_COUNT_WITH_LINES = f"SELECT count(*) {_LINED}"
_FIND_ELSEWHERE = f"""
    SELECT t.source, t.location, count(DISTINCT o.id)
    FROM incoming_totals o
    JOIN (
        SELECT restaurant_id, business_date, order_key, source, location, occurred_at, net_minor FROM transactions
        UNION
        SELECT restaurant_id, business_date, order_key, source, location, occurred_at, net_minor FROM order_totals
    ) AS t USING (order_key, business_date)
    WHERE t.restaurant_id = %(restaurant)s AND (t.source, t.location) <> (%(source)s, %(location)s)
      AND t.business_date BETWEEN {_DAYS} AND t.net_minor = o.net_minor
      AND date_trunc('minute', t.occurred_at) = date_trunc('minute', o.occurred_at)
    GROUP BY t.source, t.location
"""  # noqa: S608
_STORED = f"""
    s.restaurant_id = %(restaurant)s AND s.business_date BETWEEN {_DAYS}
    AND s.business_date = o.business_date AND s.id = o.id
"""
_IS_THERE = f"DELETE FROM incoming_totals o USING order_totals s WHERE {_STORED}"  # noqa: S608
# What is not this file's to write, for it is there already, or a newer one said it.
_DROP_KNOWN = {
    Turn.NEWEST: f"{_IS_THERE} AND s.fingerprint = o.fingerprint",
    Turn.AS_BEFORE: f"{_IS_THERE} AND (s.fingerprint = o.fingerprint OR {is_of_newer('s')})",
    Turn.RESTORING: f"""
        DELETE FROM incoming_totals o
        WHERE NOT EXISTS (SELECT FROM removed_orders r WHERE r.id = o.id)
           OR EXISTS (SELECT FROM order_totals s WHERE {_STORED})
    """,  # noqa: S608
}
_FIND_DAYS = "SELECT DISTINCT business_date FROM incoming_totals"
_DELETE_CHANGED = (
    f"DELETE FROM order_totals s USING incoming_totals o WHERE {_STORED}"  # noqa: S608
)
_INSERT = f"""
    INSERT INTO order_totals (restaurant_id, business_date, id, upload_id, source_row, source, location, order_key,
                              occurred_at, {_FIGURES}, currency, fingerprint)
    SELECT %(restaurant)s, business_date, id, %(upload)s, source_row, %(source)s, %(location)s, order_key,
           occurred_at, {_FIGURES}, %(currency)s, fingerprint
    FROM incoming_totals
"""  # noqa: S608
