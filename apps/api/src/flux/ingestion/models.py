"""Tables of what was sold.

Both become TimescaleDB hypertables over `business_date` where the extension exists, so every unique
key contains that column and no foreign key points at either table
(docs/decisions/0002-business-date-in-every-key.md).
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from flux.core.db import Model


class Transaction(Model):
    """One order (check, receipt).

    Its identity is what the till says: source, location, business date and order id. `id` is a hash of
    that, so the primary key makes a second copy impossible. `fingerprint` is a hash of its lines, by which
    a newer export of the same order is seen to be equal or changed. `net_minor` is in minor units of `currency`, and like
    `item_count` of its sales and refunds alone.
    """

    __tablename__ = "transactions"
    restaurant_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(Date, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(Text)
    order_key: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    item_count: Mapped[int] = mapped_column(Integer)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class TransactionItem(Model):
    """One line of an order, of which only sales and refunds count as sold (`meaning.Kind`).

    `line_number` is its place in the order, `source_row` its row in the file."""

    __tablename__ = "transaction_items"
    __table_args__ = (
        CheckConstraint("kind IN ('sale', 'refund', 'charge', 'deferred')", name="kind_known"),
    )

    restaurant_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(Date, primary_key=True)
    transaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    upload_id: Mapped[UUID]
    source_row: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(Text, server_default="sale")
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    item_name: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    variant: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    net_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class OrderTotals(Model):
    """What a till's list of orders says of one: the same identity, and so the same `id`, as in `transactions`.

    An order that is in both counts once, by its lines; of this row tax, tips and charges are added. All amounts
    are in minor units of `currency`. `net_minor` is comparable to the sum of the order's lines: after discounts
    and refunds, without tax, tips and charges (service, delivery, packaging, gratuity). `discounts_minor` is
    above zero for a sale. `total_minor` is the till's own total, after refunds.
    """

    __tablename__ = "order_totals"

    restaurant_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(Date, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID]
    # Its first row in the file; unknown of those that were stored before Flux kept it.
    source_row: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(Text)
    order_key: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    tips_minor: Mapped[int] = mapped_column(BigInteger)
    charges_minor: Mapped[int] = mapped_column(BigInteger)
    discounts_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class SalesByHour(Model):
    """What was sold in each hour (0 to 23, local) of a business day: orders, lines and minor units.

    An order of which only totals are known has no lines here.

    Written by ingestion in the transaction that changes the day's orders.
    """

    __tablename__ = "sales_by_hour"

    restaurant_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(Date, primary_key=True)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    orders: Mapped[int] = mapped_column(Integer)
    items: Mapped[int] = mapped_column(Integer)
    net_minor: Mapped[int] = mapped_column(BigInteger)


class ItemsByDay(Model):
    """What was sold of each item on a business day, in each category it stands in: sales and refunds alone.

    An item is its name, and a category its own, in small letters: names that differ in case are one. Without
    a category `category_key` is empty. `item_name` and `category` are the way to write them that comes first.

    Written by ingestion in the transaction that changes the day's orders.
    """

    __tablename__ = "items_by_day"

    restaurant_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(Date, primary_key=True)
    item_key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    category_key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    item_name: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 3))
    lines: Mapped[int] = mapped_column(Integer)
    net_minor: Mapped[int] = mapped_column(BigInteger)
