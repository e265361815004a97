"""The table of letters that are still to be sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from flux.core.db import Model
from flux.core.ids import new_id


class OutgoingMail(Model):
    """A letter to be written and sent, noted in the transaction that gave reason for it.

    It holds no link: whoever sends it makes one, so that no token stands in the database. It names an
    address, not an account: the API that notes it need not know whether there is one. `due_at` is
    when it may be tried (again). Deleted when sent.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (Index(None, "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    letter: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
