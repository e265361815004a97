"""From valid lines to rows: COPY into temporary tables, then set-based merging under RLS.

Everything happens in the caller's transaction. An order is what the till calls one: same source,
location, business day and order number. A line without an order number is an order of its own, told
from its equals in the same minute by its ordinal among them, so that two equal sales stay two and a
second upload of them adds nothing, even one that a spreadsheet took the seconds from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import LiteralString
from uuid import UUID

from psycopg import ClientCursor, Connection

from flux.ingestion.meaning import COUNTED, Treatment
from flux.ingestion.parse import Rejection
from flux.ingestion.report import LeftOut, refuse
from flux.ingestion.sale_line import SaleLine

BATCH_ROWS = 5_000
Row = tuple[int, SaleLine | list[Rejection] | Treatment]


@dataclass
class Counts:
    """What a load did: lines and orders, the sum of sales and refunds in minor units, first and last sale."""

    lines_accepted: int = 0
    lines_rejected: int = 0
    orders_new: int = 0
    orders_known: int = 0
    orders_changed: int = 0
    net_minor: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)
    first_at: datetime | None = None
    last_at: datetime | None = None


class Turn(StrEnum):
    """When a file has its say about orders that other files have, too."""

    # It is the newest: an order that is there otherwise is replaced.
    NEWEST = "newest"
    # It is read again, and has its place of before: what newer uploads wrote stays.
    AS_BEFORE = "as before"
    # It only puts back what is gone of `removed_orders` (`revise.py`).
    RESTORING = "restoring"


@dataclass(frozen=True)
class Target:
    """Where the rows go: the tenant, the upload they come from, and how the source is named."""

    restaurant_id: UUID
    upload_id: UUID
    source: str
    location: str
    currency: str
    turn: Turn = Turn.NEWEST


def load_lines(connection: Connection, lines: Iterable[Row], target: Target) -> Counts:
    """Merge the lines into the restaurant's orders and store the rejections.

    The connection must be in a transaction with the tenant entered. Loads of one restaurant wait for
    each other, so that two uploads with the same orders cannot both find them missing.
    """
    take_turn(connection, target.restaurant_id)
    connection.execute(_CREATE_TABLES)
    counts = Counts()
    remaining = iter(lines)
    while batch := list(islice(remaining, BATCH_ROWS)):
        _copy(connection, _COPY_LINES, _accepted_rows(batch, counts))
        _copy(connection, _COPY_REJECTIONS, _rejected_rows(batch, counts))
    _merge(connection, counts, target)
    return counts


def take_turn(connection: Connection, restaurant_id: UUID) -> None:
    """Wait until no other transaction changes the restaurant's orders, and keep others from it."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(restaurant_id),)
    )


def _copy(
    connection: Connection, statement: LiteralString, rows: Iterable[tuple[object, ...]]
) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _accepted_rows(batch: list[Row], counts: Counts) -> Iterator[tuple[object, ...]]:
    for row_number, line in batch:
        if isinstance(line, Treatment):
            counts.left_out.add(line.why, row_number)
        if not isinstance(line, SaleLine):
            continue
        counts.lines_accepted += 1
        counts.net_minor += line.net_minor if line.kind in COUNTED else 0
        yield (
            row_number, line.kind, line.order_id, line.business_date, line.occurred_at, line.item_name,
            line.category, line.variant, line.quantity, line.net_minor,
        )  # fmt: skip


def _rejected_rows(batch: list[Row], counts: Counts) -> Iterator[tuple[object, ...]]:
    for row_number, line in batch:
        if not isinstance(line, list):
            continue
        counts.lines_rejected += 1
        for number, each in enumerate(line, start=1):
            yield row_number, number, each.column, each.value, each.code, each.message


def _merge(connection: Connection, counts: Counts, target: Target) -> None:
    values: dict[str, object] = {
        "restaurant": target.restaurant_id,
        "upload": target.upload_id,
        "source": target.source,
        "location": target.location,
        "currency": target.currency,
    }
    # Bound by the client, since CREATE TABLE AS takes no parameters from the server.
    cursor = ClientCursor(connection)
    # What is looked up is as many rows as the file has, so hashing them is never far from best, while
    # the nested loop that outdated statistics suggest took 79 s instead of 0.2 s for 21,350 orders.
    cursor.execute("SET LOCAL enable_nestloop = off")
    for statement in (
        _NAME_ORDERS,
        "ANALYZE incoming_lines",
        _GROUP_ORDERS,
        "ANALYZE incoming_orders",
    ):
        cursor.execute(statement, values)
    days = connection.execute("SELECT min(business_date), max(business_date) FROM incoming_orders")
    values["first_day"], values["last_day"] = days.fetchone() or (None, None)
    if target.turn is not Turn.RESTORING:
        _refuse_known_elsewhere(cursor, values)
        cursor.execute(_STORE_REJECTIONS, values)
    cursor.execute(_COMPARE_ORDERS, values)
    if leave_alone := _LEAVE_ALONE.get(target.turn):
        cursor.execute(leave_alone, values)
    found = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'new'), count(*) FILTER (WHERE state = 'known'),"
        " count(*) FILTER (WHERE state = 'changed'), min(occurred_at), max(last_at) FROM incoming_orders"
    ).fetchone()
    assert found is not None  # noqa: S101 (an aggregate always gives a row)
    (
        counts.orders_new,
        counts.orders_known,
        counts.orders_changed,
        counts.first_at,
        counts.last_at,
    ) = found
    for statement in (
        *_DELETE_CHANGED,
        _INSERT_TRANSACTIONS,
        _INSERT_ITEMS,
    ):
        cursor.execute(statement, values)


def _refuse_known_elsewhere(cursor: ClientCursor, values: dict[str, object]) -> None:
    """Raise `FileRefusedError` if most of the orders are there as another report, or place, named them.

    The same till's export with a column hidden, or renamed by hand, would count everything twice.
    """
    found = cursor.execute(_FIND_ELSEWHERE, values).fetchone()
    if found is not None:
        source, location = found
        place = f" of “{location}”" if location else ""
        raise refuse(
            "known_from_elsewhere",
            f"Flux has most of these orders already, from another kind of export{place} ({source}). Counting them"
            " again would double your sales. Send the same report with the same columns as before.",
        )


_CREATE_TABLES = """
    DROP TABLE IF EXISTS pg_temp.incoming_lines, pg_temp.incoming_rejections, pg_temp.incoming_orders;
    CREATE TEMPORARY TABLE incoming_lines (
        source_row bigint, kind text, order_key text, business_date date, occurred_at timestamptz, item_name text,
        category text, variant text, quantity numeric(12, 3), net_minor bigint, line_number integer
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE incoming_rejections (
        row_number bigint, problem_number integer, column_name text, value text, code text, message text
    ) ON COMMIT DROP
"""
_COPY_LINES = """
    COPY incoming_lines (source_row, kind, order_key, business_date, occurred_at, item_name, category, variant, quantity,
    net_minor) FROM STDIN
"""
_COPY_REJECTIONS = "COPY incoming_rejections FROM STDIN"
# COPY into a table under row-level security is refused, so the rejections go this way round, too.
_STORE_REJECTIONS = """
    INSERT INTO rejected_rows (restaurant_id, upload_id, row_number, problem_number, column_name, value, code, message)
    SELECT %(restaurant)s, %(upload)s, r.* FROM incoming_rejections r
"""
# What a line says, without its place in the file.
_CONTENT = (
    "concat_ws(E'\\x1f', item_name, coalesce(category, ''), coalesce(variant, ''), quantity, net_minor,"
    " CASE WHEN kind NOT IN ('sale', 'refund') THEN kind END)"
)
_IS_COUNTED = "kind IN ('sale', 'refund')"
_NAME_ORDERS = f"""
    UPDATE incoming_lines l SET order_key = n.order_key
    FROM (
        SELECT source_row, 'line:' || encode(sha256(convert_to(content, 'UTF8')), 'hex') || ':'
               || row_number() OVER (PARTITION BY content ORDER BY source_row) AS order_key
        FROM (SELECT source_row, {_CONTENT} || E'\\x1f' || extract(epoch FROM date_trunc('minute', occurred_at))::bigint AS content
              FROM incoming_lines WHERE order_key IS NULL) c
    ) n
    WHERE l.source_row = n.source_row
"""  # noqa: S608 (no input in it)
_GROUP_ORDERS = f"""
    CREATE TEMPORARY TABLE incoming_orders ON COMMIT DROP AS
    SELECT order_key, business_date, 'new'::text AS state, min(occurred_at) AS occurred_at,
           max(occurred_at) AS last_at, count(*) FILTER (WHERE {_IS_COUNTED})::integer AS item_count,
           coalesce(sum(net_minor) FILTER (WHERE {_IS_COUNTED}), 0)::bigint AS net_minor,
           sha256(convert_to(string_agg({_CONTENT}, E'\\x1e' ORDER BY {_CONTENT} COLLATE "C"), 'UTF8')) AS fingerprint,
           left(encode(sha256(convert_to(concat_ws(E'\\x1f', %(restaurant)s::text, %(source)s::text,
                %(location)s::text, order_key, business_date), 'UTF8')), 'hex'), 32)::uuid AS id
    FROM incoming_lines GROUP BY order_key, business_date
"""  # noqa: S608
_COMPARE_ORDERS = """
    UPDATE incoming_orders o SET state = CASE WHEN t.fingerprint = o.fingerprint THEN 'known' ELSE 'changed' END
    FROM transactions t
    WHERE t.restaurant_id = %(restaurant)s AND t.source = %(source)s AND t.location = %(location)s
      AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND t.order_key = o.order_key AND t.business_date = o.business_date
"""
# Which of the orders are not this file's to write.
_LEAVE_ALONE: dict[Turn, LiteralString] = {
    Turn.AS_BEFORE: """
        UPDATE incoming_orders o SET state = 'known'
        FROM transactions t JOIN data_uploads other ON other.restaurant_id = t.restaurant_id AND other.id = t.upload_id,
             data_uploads this
        WHERE o.state = 'changed' AND t.restaurant_id = %(restaurant)s AND t.id = o.id
          AND t.business_date BETWEEN %(first_day)s AND %(last_day)s AND t.business_date = o.business_date
          AND this.restaurant_id = %(restaurant)s AND this.id = %(upload)s
          AND (other.finished_at, other.id) > (this.finished_at, this.id)
    """,
    Turn.RESTORING: """
        UPDATE incoming_orders o SET state = 'known'
        WHERE o.state = 'changed' OR o.id NOT IN (SELECT id FROM removed_orders)
    """,
}
_FIND_ELSEWHERE = """
    SELECT t.source, t.location
    FROM incoming_orders o JOIN transactions t USING (order_key, business_date)
    WHERE t.restaurant_id = %(restaurant)s AND (t.source, t.location) <> (%(source)s, %(location)s)
      AND t.business_date BETWEEN %(first_day)s AND %(last_day)s AND o.order_key NOT LIKE 'line:%%'
      AND date_trunc('minute', t.occurred_at) = date_trunc('minute', o.occurred_at)
      AND t.item_count = o.item_count AND t.net_minor = o.net_minor
    GROUP BY t.source, t.location
    HAVING 2 * count(*) > (SELECT count(*) FROM incoming_orders)
"""
_DELETE_CHANGED = (
    """
    DELETE FROM transaction_items i USING incoming_orders o
    WHERE o.state = 'changed' AND i.restaurant_id = %(restaurant)s AND i.business_date = o.business_date
      AND i.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND i.transaction_id = o.id
    """,
    """
    DELETE FROM transactions t USING incoming_orders o
    WHERE o.state = 'changed' AND t.restaurant_id = %(restaurant)s AND t.business_date = o.business_date
      AND t.business_date BETWEEN %(first_day)s AND %(last_day)s
      AND t.id = o.id
    """,
)
_INSERT_TRANSACTIONS = """
    INSERT INTO transactions (restaurant_id, business_date, id, upload_id, source, location, order_key, occurred_at,
                              item_count, net_minor, currency, fingerprint)
    SELECT %(restaurant)s, business_date, id, %(upload)s, %(source)s, %(location)s, order_key, occurred_at,
           item_count, net_minor, %(currency)s, fingerprint
    FROM incoming_orders WHERE state <> 'known'
"""
_INSERT_ITEMS = """
    INSERT INTO transaction_items (restaurant_id, business_date, transaction_id, line_number, upload_id, source_row,
                                   kind, occurred_at, item_name, category, variant, quantity, net_minor, currency)
    SELECT %(restaurant)s, business_date, o.id,
           row_number() OVER (PARTITION BY business_date, o.id ORDER BY source_row), %(upload)s, source_row,
           kind, l.occurred_at, item_name, category, variant, quantity, l.net_minor, %(currency)s
    FROM incoming_lines l JOIN incoming_orders o USING (order_key, business_date)
    WHERE o.state <> 'known'
"""
