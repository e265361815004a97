"""Taking a completed upload's orders away, and putting back what other completed uploads also contain.

The files are the truth, rows are derived: what an order looked like before is not kept anywhere but
in the file that said so. Of several files with the same order the one that was finished last counts,
so the others are read from the newest to the oldest, and each puts back what is still gone. All of
it happens in the caller's transaction, so that no figure is ever seen half-way
(docs/decisions/0009-undo.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg import ClientCursor, Connection

from flux.core.storage import Store
from flux.ingestion.load import take_turn
from flux.ingestion.loading import load_table
from flux.ingestion.orders import Target, Turn
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.report import Conclusion, FileRefusedError, Report, refuse
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.rollups import roll_up
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack


@dataclass(frozen=True)
class KeptFile:
    """Another completed upload of the restaurant, from the same kind of export and the same days."""

    upload_id: UUID
    object_key: str
    filename: str
    is_newer: bool


@dataclass
class Revision:
    """The removal of one upload's orders, and their return from other files, in one transaction.

    Loads of the restaurant wait until it is over, and one that was under way is waited for.
    """

    connection: Connection
    store: Store
    restaurant: Restaurant
    restaurant_id: UUID
    upload_id: UUID
    removed: int = 0
    restored: int = 0

    def remove(self) -> list[KeptFile]:
        """Take away what the upload wrote. The other files that may have some of it, newest first."""
        take_turn(self.connection, self.restaurant_id)
        values = {"restaurant": self.restaurant_id, "upload": self.upload_id}
        # Bound by the client, since CREATE TABLE AS takes no parameters from the server.
        cursor = ClientCursor(self.connection)
        for statement in _REMOVE:
            cursor.execute(statement, values)
        gone = cursor.execute("SELECT business_date::text FROM removed_orders").fetchall()
        self.removed = len(gone)
        roll_up(cursor, self.restaurant_id, {day for (day,) in gone}, self.restaurant)
        found = cursor.execute(_FIND_OVERLAPPING, values).fetchall()
        return [KeptFile(*row) for row in found]

    def restore(self, kept_files: Iterable[KeptFile]) -> None:
        """Put back, from each file in turn, what is still gone.

        Raises `FileRefusedError` if Flux can read one of them no more: without it the rest would be a
        wrong figure.
        """
        for kept in kept_files:
            if self.restored >= self.removed:
                return
            try:
                self.restored += self._restore_from(kept)
            except FileRefusedError as refusal:
                raise refuse(
                    "other_file_unreadable",
                    f"“{kept.filename}” may have some of the same orders, and Flux can no longer read it:"
                    f" {refusal.problem.detail}",
                ) from refusal

    def _restore_from(self, kept: KeptFile) -> int:
        with self.store.open(kept.object_key) as stored, unpack(stored, self.restaurant) as table:
            reading = decide_reading(table.file, self.restaurant)
            target = Target(
                self.restaurant_id,
                kept.upload_id,
                reading.layout.source,
                reading.conventions.location,
                self.restaurant.currency,
                Turn.RESTORING,
            )
            # Sorted, since part of an order would pass for the whole where the rest stands further below.
            return load_table(self.connection, table, reading, target, is_sorted=True).orders_new

    def check_names(self, source: str, location: str, others: list[KeptFile]) -> None:
        """Refuse to read the file as orders of another name than before, if other files have them too.

        Those would stay under the name of before, and be counted twice. Raises `FileRefusedError`.
        """
        before = self.connection.execute("SELECT DISTINCT source, location FROM removed_orders")
        names = set(before.fetchall())
        # All of its orders may be another file's rows.
        report = read_report(self.connection, self.restaurant_id, self.upload_id)
        if others and (names - {(source, location)} or report.source != source):
            raise refuse(
                "known_under_other_name",
                "Flux now reads this kind of file as orders of another name, and other files of the same days were read"
                " as before. Undo all of them, then have each read again.",
            )

    def conclude(self) -> Conclusion:
        """What an undo came to, for the report."""
        return Conclusion(
            what="undone",
            decided=say(PhraseCode.TAKEN_AWAY, f"{self.removed:,}", f"{self.restored:,}"),
            because=say(PhraseCode.YOU_ASKED),
        )


def read_report(connection: Connection, restaurant_id: UUID, upload_id: UUID) -> Report:
    """The report that is stored with a completed upload."""
    found = connection.execute(
        "SELECT report FROM data_uploads WHERE restaurant_id = %s AND id = %s",
        (restaurant_id, upload_id),
    ).fetchone()
    return Report.model_validate(found[0] if found else None)


_REMOVE: tuple[LiteralString, ...] = (
    "SET LOCAL enable_nestloop = off",
    """
    CREATE TEMPORARY TABLE removed_orders ON COMMIT DROP AS
    SELECT id, business_date, source, location, true AS has_lines FROM transactions
    WHERE restaurant_id = %(restaurant)s AND upload_id = %(upload)s
    UNION ALL
    SELECT id, business_date, source, location, false FROM order_totals
    WHERE restaurant_id = %(restaurant)s AND upload_id = %(upload)s
    """,
    "ANALYZE removed_orders",
    "DELETE FROM rejected_rows WHERE restaurant_id = %(restaurant)s AND upload_id = %(upload)s",
    """
    DELETE FROM transaction_items i USING removed_orders r
    WHERE i.restaurant_id = %(restaurant)s AND i.transaction_id = r.id AND i.business_date = r.business_date
      AND r.has_lines
      AND i.business_date BETWEEN (SELECT min(business_date) FROM removed_orders)
                              AND (SELECT max(business_date) FROM removed_orders)
    """,
    "DELETE FROM transactions WHERE restaurant_id = %(restaurant)s AND upload_id = %(upload)s",
    "DELETE FROM order_totals WHERE restaurant_id = %(restaurant)s AND upload_id = %(upload)s",
)
# An order is of one business day in every file, but its first and last sale may differ.
_FIND_OVERLAPPING: LiteralString = """
    SELECT other.id, other.object_key, other.filename, (other.finished_at, other.id) > (this.finished_at, this.id)
    FROM data_uploads this JOIN data_uploads other USING (restaurant_id)
    WHERE this.restaurant_id = %(restaurant)s AND this.id = %(upload)s
      AND other.id <> this.id AND other.status = 'completed'
      AND other.report->>'source' = this.report->>'source'
      AND (other.report->>'first_at')::timestamptz <= (this.report->>'last_at')::timestamptz + interval '1 day'
      AND (other.report->>'last_at')::timestamptz >= (this.report->>'first_at')::timestamptz - interval '1 day'
    ORDER BY other.finished_at DESC, other.id DESC
"""
