"""Tables of restaurants and of who may work in them."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    Time,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from flux.core.db import Model
from flux.core.ids import new_id


class Role(StrEnum):
    """What a member may do: a viewer looks, a manager also uploads, an owner also manages members."""

    OWNER = "owner"
    MANAGER = "manager"
    VIEWER = "viewer"


class Restaurant(Model):
    """A tenant.

    `timezone` is an IANA name, `currency` an ISO 4217 code, `country` an ISO 3166 alpha-2 code;
    a sale before `day_starts_at` local time belongs to the business day before.
    """

    __tablename__ = "restaurants"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2))
    day_starts_at: Mapped[time] = mapped_column(
        Time, default=time(4), server_default=text("'04:00'")
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Membership(Model):
    """That a user works in a restaurant, and as what."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role IN ('owner', 'manager', 'viewer')", name="role_known"),
        Index(None, "user_id"),
    )

    restaurant_id: Mapped[UUID] = mapped_column(
        ForeignKey("restaurants.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
