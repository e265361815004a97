"""Tables of the files owners send, and of the rows that were refused."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from flux.core.db import Model
from flux.core.ids import new_id


class UploadStatus(StrEnum):
    """Where an upload stands. The last five are final until somebody acts."""

    AWAITING_FILE = "awaiting_file"
    PROCESSING = "processing"
    NEEDS_MAPPING = "needs_mapping"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDONE = "undone"


class Request(StrEnum):
    """What a worker is yet to do with an upload that is completed, and stays so until it is done."""

    UNDO = "undo"
    READ_AGAIN = "read_again"


_STATUSES = ", ".join(f"'{status}'" for status in UploadStatus)
_REQUESTS = ", ".join(f"'{request}'" for request in Request)


class DataUpload(Model):
    """One file an owner sent, or is about to send.

    `received_at` is when its file was whole in the store; until `expires_at` the file may be sent. A
    worker that processes it holds a lease: `lease_token` until `lease_until`. `report` has the shape of `ingestion.report.Report`.
    Of two uploads with the same order the one with the later `finished_at` counts; reading a completed one again leaves it.
    """

    __tablename__ = "data_uploads"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status_known"),
        CheckConstraint("size_bytes >= 0", name="size_not_negative"),
        CheckConstraint(
            f"requested IS NULL OR (requested IN ({_REQUESTS}) AND status = 'completed')",
            name="requested_of_completed",
        ),
        CheckConstraint(
            "CASE WHEN requested IS NULL THEN (status = 'processing') = (lease_token IS NOT NULL) ELSE true END",
            name="lease_while_processing",
        ),
        Index(None, "restaurant_id", "created_at"),
        Index(
            "ix_data_uploads_due",
            "created_at",
            postgresql_where=text(
                "status IN ('awaiting_file', 'processing') OR requested IS NOT NULL"
            ),
        ),
    )

    restaurant_id: Mapped[UUID] = mapped_column(
        ForeignKey("restaurants.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    filename: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(Text)
    # Made-up sales to look around with: never beside real ones.
    is_sample: Mapped[bool] = mapped_column(Boolean, server_default=false())
    # What the store calls the undertaking where the file comes in parts.
    parts_id: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=UploadStatus.AWAITING_FILE.value)
    requested: Mapped[str | None] = mapped_column(Text)
    progress: Mapped[float] = mapped_column(Float, server_default=text("0"))
    rows_read: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RejectedRow(Model):
    """One reason why one row of a file was refused.

    `row_number` counts as a spreadsheet does (the header is row 1 where nothing stands above it),
    `column_name` is the file's own, `value` its cell, cut to 200 characters.
    """

    __tablename__ = "rejected_rows"
    __table_args__ = (
        ForeignKeyConstraint(
            ["restaurant_id", "upload_id"],
            ["data_uploads.restaurant_id", "data_uploads.id"],
            ondelete="CASCADE",
        ),
    )

    restaurant_id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    problem_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    column_name: Mapped[str | None] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)


class ColumnMapping(Model):
    """What an owner said of a header, to be used for every file of theirs that has it.

    `fingerprint` is that of `ingestion.choice`, `mapping` what its `Choice.to_json` makes.
    """

    __tablename__ = "column_mappings"

    restaurant_id: Mapped[UUID] = mapped_column(
        ForeignKey("restaurants.id", ondelete="CASCADE"), primary_key=True
    )
    fingerprint: Mapped[str] = mapped_column(Text, primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
