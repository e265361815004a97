"""From orders to rows, a chunk at a time: COPY into temporary tables, then INSERT under RLS.

Everything happens in the caller's transaction. COPY into a table under row-level security is refused,
hence the way round. An order is known again by its id, a hash of what the till calls it, and seen to be
changed by the fingerprint of its lines; a newer export of a changed one replaces it whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, LiteralString
from uuid import UUID

import polars as pl
from psycopg import ClientCursor, Connection, errors

from flux.ingestion.agreement import check_agreement
from flux.ingestion.ahead import read_ahead
from flux.ingestion.incoming import (
    PREPARE,
    IncomingLines,
    send_lines,
    send_orders,
    write_lines,
    write_orders,
)
from flux.ingestion.orders import Chunk, ScatteredError, Target, Turn
from flux.ingestion.phrases import Said
from flux.ingestion.report import Conclusion, FileRefusedError, refuse
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.rollups import roll_up

_COPY_BYTES = 1024 * 1024


@dataclass
class Counts:
    """What a load did: lines and orders, the sum of sales and refunds in minor units, first and last sale."""

    lines_accepted: int = 0
    orders_new: int = 0
    orders_known: int = 0
    orders_changed: int = 0
    net_minor: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    days: set[date] = field(default_factory=set)
    conclusions: list[Conclusion] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)


def load_orders(
    connection: Connection,
    chunks: Iterable[Chunk],
    target: Target,
    restaurant: Restaurant,
    *,
    is_sorted: bool,
) -> Counts:
    """Merge the orders into the restaurant's, and bring its rollups up to date.

    The connection must be in a transaction with the tenant entered. Loads of one restaurant wait for
    each other, so that two uploads with the same orders cannot both find them missing. Raises
    `ScatteredError` for an order that comes twice, which cannot be if they are sorted, and
    `FileRefusedError` for orders known under another name.
    """
    load = _Load(connection, target, restaurant, is_sorted=is_sorted)
    with read_ahead(load.prepare(chunks)) as ready:
        for each in ready:
            load.add(each)
    load.finish()
    return load.counts


def take_turn(connection: Connection, restaurant_id: UUID) -> None:
    """Wait until no other transaction changes the restaurant's orders, and keep others from it."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(restaurant_id),)
    )


def store_rejections(connection: Connection, rejections: BinaryIO, target: Target) -> None:
    """Write the refused rows, in the same transaction; `rejections` are rows as COPY has them."""
    cursor = ClientCursor(connection)
    cursor.execute(_CREATE_REJECTIONS)
    rejections.seek(0)
    with cursor.copy("COPY incoming_rejections FROM STDIN") as copy:
        while part := rejections.read(_COPY_BYTES):
            copy.write(part)
    cursor.execute(_STORE_REJECTIONS, target.values)


@dataclass(frozen=True)
class _Ready:
    """A chunk with the rows of its orders as COPY takes them and, where they are likely to be sent, of its lines."""

    chunk: Chunk
    orders: bytes
    lines: IncomingLines | None


class _Load:
    def __init__(
        self, connection: Connection, target: Target, restaurant: Restaurant, *, is_sorted: bool
    ) -> None:
        self.counts = Counts()
        self._restaurant = restaurant
        self._turn = target.turn
        self._is_sorted = is_sorted
        self._target = target
        self._values = target.values
        # Bound by the client, since utility statements take no parameters from the server.
        self._cursor = cursor = ClientCursor(connection)
        self._elsewhere = Counter[tuple[str, str]]()
        self._expects_new = True
        take_turn(connection, target.restaurant_id)
        cursor.execute(PREPARE)
        found = cursor.execute(_FIND_DAYS, self._values).fetchone()
        self._stored_days = found if found and found[0] else None

    def prepare(self, chunks: Iterable[Chunk]) -> Iterator[_Ready]:
        """The chunks as they are sent; made while PostgreSQL is busy with those before."""
        for chunk in chunks:
            orders = write_orders(chunk.orders) if chunk.orders.height else b""
            is_likely = self._expects_new and chunk.orders.height
            yield _Ready(chunk, orders, self._write(chunk, chunk.orders) if is_likely else None)

    def _write(self, chunk: Chunk, orders: pl.DataFrame) -> IncomingLines:
        new_days = [day for day in chunk.days if self._is_new(day)]
        return write_lines(chunk, orders, new_days, self._restaurant.timezone)

    def _is_new(self, day: date) -> bool:
        """Whether all that is stored of this business day in the end is this file's."""
        return self._stored_days is None or not (
            self._stored_days[0] <= day <= self._stored_days[1]
        )

    def add(self, ready: _Ready) -> None:
        chunk, orders = ready.chunk, ready.chunk.orders
        if chunk.gone:
            self._remove_gone(chunk.gone)
        if not orders.height:
            return
        self._count(chunk)
        send_orders(self._cursor, ready.orders)
        if self._turn is Turn.RESTORING:
            orders = self._keep_removed(orders)
        if not all(map(self._is_new, chunk.days)):
            orders = self._compare(orders)
        self._expects_new = orders.height > 0
        if orders.height:
            is_whole = orders.height == chunk.orders.height
            self.counts.days.update(chunk.days if is_whole else orders["business_date"].unique())
            try:
                self._cursor.execute(_INSERT_TRANSACTIONS, self._values)
            except errors.UniqueViolation as error:
                raise ScatteredError from error
            lines = ready.lines if is_whole else None
            send_lines(self._cursor, lines or self._write(chunk, orders))
            self._cursor.execute(_INSERT_ITEMS, self._values)
        self._cursor.execute(
            "TRUNCATE incoming_orders, incoming_lines, incoming_texts, found_orders"
        )

    def finish(self) -> None:
        counts, restaurant = self.counts, self._restaurant
        self._refuse_known_elsewhere()
        if counts.orders_known and not self._is_sorted and self._holds(_FIND_KNOWN_TWICE):
            raise ScatteredError
        if counts.days:
            new = [day for day in counts.days if self._is_new(day)]
            roll_up(self._cursor, self._target.restaurant_id, counts.days, restaurant, new)
        if counts.days and self._turn is not Turn.RESTORING:
            orders = counts.orders_new + counts.orders_known + counts.orders_changed
            counts.warnings += check_agreement(
                self._cursor, self._target, restaurant, counts.days, orders
            )

    def _count(self, chunk: Chunk) -> None:
        counts = self.counts
        counts.lines_accepted += chunk.lines.height
        counts.orders_new += chunk.orders.height
        counts.net_minor += chunk.net_minor
        counts.first_at = min(counts.first_at or chunk.first_at, chunk.first_at)
        counts.last_at = max(counts.last_at or chunk.last_at, chunk.last_at)
        self._values |= {"first_day": chunk.days[0], "last_day": chunk.days[-1]}

    def _remove_gone(self, gone: list[tuple[UUID, date]]) -> None:
        """Take away what an older export had as sold; since then it was cancelled, or voided."""
        self._values["gone"] = [order_id for order_id, _ in gone]
        self._values["gone_days"] = sorted({day for _, day in gone})
        found = self._cursor.execute(_DELETE_GONE[self._turn], self._values).fetchall()
        self.counts.orders_changed += len(found)
        self.counts.days.update(day for (day,) in found)

    def _keep_removed(self, orders: pl.DataFrame) -> pl.DataFrame:
        """The orders that were taken away; of the others, nothing is left in the temporary table."""
        others = [order_id for (order_id,) in self._cursor.execute(_DROP_OTHERS)]
        self.counts.orders_known += len(others)
        self.counts.orders_new -= len(others)
        return orders.filter(~pl.col("id").is_in(others))

    def _compare(self, orders: pl.DataFrame) -> pl.DataFrame:
        """The orders that are new or changed; of the others, nothing is left in the temporary table."""
        cursor, counts, values = self._cursor, self.counts, self._values
        if self._turn is not Turn.RESTORING and self._holds(_IS_ELSEWHERE):
            for source, location, number in cursor.execute(_FIND_ELSEWHERE, values):
                self._elsewhere[source, location] += number
        row = cursor.execute(_FIND_STORED[self._turn], values).fetchone()
        assert row is not None  # noqa: S101 (an aggregate has a row)
        stored, known, is_own = row
        if not stored:
            return orders
        if is_own and not self._is_sorted:
            raise ScatteredError
        counts.orders_known += known
        counts.orders_changed += stored - known
        counts.orders_new -= stored
        if known < stored:
            for statement in _DELETE_CHANGED:
                cursor.execute(statement, values)
        if not known:
            return orders
        cursor.execute(_SET_KNOWN_ASIDE)
        if known == orders.height:
            return orders.clear()
        same = [order_id for (order_id,) in cursor.execute(_FIND_KNOWN)]
        return orders.filter(~pl.col("id").is_in(same))

    def _refuse_known_elsewhere(self) -> None:
        """Raise `FileRefusedError` if most of the orders are there as another report, or place, named them."""
        counts = self.counts
        orders = counts.orders_new + counts.orders_known + counts.orders_changed
        for (source, location), number in self._elsewhere.items():
            if 2 * number > orders:
                raise known_from_elsewhere(source, location)

    def _holds(self, question: LiteralString) -> bool:
        found = self._cursor.execute(question, self._values).fetchone()
        return found is not None and bool(found[0])


def is_of_newer(stored: LiteralString) -> LiteralString:
    """The condition that an upload newer than this one wrote the stored order; `stored` is its alias."""
    return f"""EXISTS (
        SELECT FROM data_uploads other JOIN data_uploads this USING (restaurant_id)
        WHERE restaurant_id = %(restaurant)s AND other.id = {stored}.upload_id AND this.id = %(upload)s
          AND (other.finished_at, other.id) > (this.finished_at, this.id)
    )"""


def known_from_elsewhere(source: str, location: str) -> FileRefusedError:
    """The same till's export with a column hidden, or renamed by hand, would count everything twice."""
    place = f" of “{location}”" if location else ""
    return refuse(
        "known_from_elsewhere",
        f"Flux has most of these orders already, from another kind of export{place} ({source}). Counting"
        " them again would double your sales. Send the same report with the same columns as before.",
    )


_FIND_DAYS = """
    SELECT least(min(t.business_date), (SELECT min(business_date) FROM order_totals WHERE restaurant_id = %(restaurant)s)),
           greatest(max(t.business_date), (SELECT max(business_date) FROM order_totals WHERE restaurant_id = %(restaurant)s))
    FROM transactions t WHERE t.restaurant_id = %(restaurant)s
"""
_STORED = """
    FROM incoming_orders o JOIN transactions t ON t.id = o.id AND t.business_date = o.business_date
    WHERE t.restaurant_id = %(restaurant)s AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
"""
# Which of the stored orders stay as they are.
_STAYS: dict[Turn, LiteralString] = {
    Turn.NEWEST: "t.fingerprint = o.fingerprint",
    Turn.AS_BEFORE: f"(t.fingerprint = o.fingerprint OR {is_of_newer('t')})",
    Turn.RESTORING: "true",
}
_FIND_STORED = {turn: f"""
    WITH found AS (
        SELECT o.business_date, o.id, {stays} AS stays, t.upload_id = %(upload)s AS is_own {_STORED}
    ), kept AS (
        INSERT INTO found_orders SELECT business_date, id, stays FROM found
    )
    SELECT count(*), count(*) FILTER (WHERE stays), coalesce(bool_or(is_own), false) FROM found
    """ for turn, stays in _STAYS.items()}  # noqa: S608 (no input in it)
_DROP_OTHERS = """
    DELETE FROM incoming_orders o WHERE NOT EXISTS (SELECT FROM removed_orders r WHERE r.id = o.id)
    RETURNING uuid_send(o.id)
"""
_IS_ELSEWHERE = """
    SELECT EXISTS (
        SELECT FROM transactions
        WHERE restaurant_id = %(restaurant)s AND business_date BETWEEN %(first_day)s AND %(last_day)s
          AND (source, location) <> (%(source)s, %(location)s)
    ) OR EXISTS (
        SELECT FROM order_totals
        WHERE restaurant_id = %(restaurant)s AND business_date BETWEEN %(first_day)s AND %(last_day)s
          AND (source, location) <> (%(source)s, %(location)s)
    )
"""
_FIND_ELSEWHERE = """
    SELECT t.source, t.location, count(*)
    FROM incoming_orders o JOIN transactions t USING (order_key, business_date)
    WHERE t.restaurant_id = %(restaurant)s AND (t.source, t.location) <> (%(source)s, %(location)s)
      AND t.business_date BETWEEN %(first_day)s AND %(last_day)s AND o.order_key NOT LIKE 'line:%%'
      AND date_trunc('minute', t.occurred_at) = date_trunc('minute', o.occurred_at)
      AND t.item_count = o.item_count AND t.net_minor = o.net_minor
    GROUP BY t.source, t.location
    UNION ALL
    SELECT t.source, t.location, count(*)
    FROM incoming_orders o JOIN order_totals t USING (order_key, business_date)
    WHERE t.restaurant_id = %(restaurant)s AND (t.source, t.location) <> (%(source)s, %(location)s)
      AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND date_trunc('minute', t.occurred_at) = date_trunc('minute', o.occurred_at) AND t.net_minor = o.net_minor
      AND NOT EXISTS (
          SELECT FROM transactions l
          WHERE l.restaurant_id = %(restaurant)s AND l.business_date BETWEEN %(first_day)s AND %(last_day)s
            AND l.business_date = t.business_date AND l.id = t.id
      )
    GROUP BY t.source, t.location
"""
_DELETE_CHANGED = tuple(
    f"""
    DELETE FROM {table} d USING found_orders c
    WHERE d.restaurant_id = %(restaurant)s AND d.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND d.business_date = c.business_date AND d.{column} = c.id AND NOT c.stays
    """  # noqa: S608
    for table, column in (("transaction_items", "transaction_id"), ("transactions", "id"))
)
_DELETE_GONE = {
    turn: f"""
    WITH gone AS (
        DELETE FROM transactions t USING unnest(%(gone)s::uuid[]) o(id)
        WHERE t.restaurant_id = %(restaurant)s AND t.business_date = ANY(%(gone_days)s::date[]) AND t.id = o.id
          AND t.upload_id <> %(upload)s AND NOT {stays}
        RETURNING t.id, t.business_date
    ), without_lines AS (
        DELETE FROM transaction_items i USING gone g
        WHERE i.restaurant_id = %(restaurant)s AND i.business_date = ANY(%(gone_days)s::date[])
          AND i.business_date = g.business_date AND i.transaction_id = g.id
    )
    SELECT business_date FROM gone
    """  # noqa: S608
    for turn, stays in (
        (Turn.NEWEST, "false"),
        (Turn.AS_BEFORE, is_of_newer("t")),
        (Turn.RESTORING, "true"),
    )
}
_SET_KNOWN_ASIDE = """
    INSERT INTO known_orders SELECT business_date, id FROM found_orders WHERE stays;
    DELETE FROM incoming_orders o USING found_orders f WHERE o.id = f.id AND f.stays
"""
_FIND_KNOWN = "SELECT uuid_send(id) FROM found_orders WHERE stays"
_FIND_KNOWN_TWICE = """
    SELECT EXISTS (SELECT FROM known_orders GROUP BY id HAVING count(*) > 1)
        OR EXISTS (
            SELECT FROM known_orders k JOIN transactions t ON t.id = k.id AND t.business_date = k.business_date
            WHERE t.restaurant_id = %(restaurant)s AND t.upload_id = %(upload)s
        )
"""
_INSERT_TRANSACTIONS = """
    INSERT INTO transactions (restaurant_id, business_date, id, upload_id, source, location, order_key, occurred_at,
                              item_count, net_minor, currency, fingerprint)
    SELECT %(restaurant)s, business_date, id, %(upload)s, %(source)s, %(location)s, order_key, occurred_at,
           item_count, net_minor, %(currency)s, fingerprint
    FROM incoming_orders
"""
_INSERT_ITEMS = """
    INSERT INTO transaction_items (restaurant_id, business_date, transaction_id, line_number, upload_id, source_row,
                                   kind, occurred_at, item_name, category, variant, quantity, net_minor, currency)
    SELECT %(restaurant)s, business_date, transaction_id, line_number, %(upload)s, source_row, kind, occurred_at,
           item_name, category, variant, quantity, net_minor, %(currency)s
    FROM incoming_lines JOIN incoming_texts USING (text_number)
"""
_CREATE_REJECTIONS = """
    CREATE TEMPORARY TABLE incoming_rejections (
        row_number bigint, problem_number integer, column_name text, value text, code text, message text
    ) ON COMMIT DROP
"""
_STORE_REJECTIONS = """
    INSERT INTO rejected_rows (restaurant_id, upload_id, row_number, problem_number, column_name, value, code, message)
    SELECT %(restaurant)s, %(upload)s, r.* FROM incoming_rejections r
"""
