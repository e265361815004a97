"""The first tables, their row-level security, and hypertables where TimescaleDB is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from flux.core.rls import FUNCTIONS, apply_policies

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration waits 5 seconds for its locks, then fails, rather than queue every request behind it.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "restaurants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "day_starts_at",
            sa.Time(),
            server_default=sa.text("'04:00'"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restaurants")),
    )
    op.create_table(
        "transaction_items",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("source_row", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("variant", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint(
            "restaurant_id",
            "business_date",
            "transaction_id",
            "line_number",
            name=op.f("pk_transaction_items"),
        ),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "data_uploads",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="awaiting_file", nullable=False),
        sa.Column("progress", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "report",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'processing') = (lease_token IS NOT NULL)",
            name=op.f("ck_data_uploads_lease_while_processing"),
        ),
        sa.CheckConstraint(
            "status IN ('awaiting_file', 'processing', 'needs_mapping', 'completed', 'failed', 'cancelled', 'undone')",
            name=op.f("ck_data_uploads_status_known"),
        ),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_data_uploads_size_not_negative")),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_data_uploads_created_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_data_uploads_restaurant_id_restaurants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "id", name=op.f("pk_data_uploads")),
    )
    op.create_index(
        "ix_data_uploads_due",
        "data_uploads",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('awaiting_file', 'processing')"),
    )
    op.create_index(
        op.f("ix_data_uploads_restaurant_id_created_at"),
        "data_uploads",
        ["restaurant_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "memberships",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('owner', 'manager', 'viewer')",
            name=op.f("ck_memberships_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_memberships_restaurant_id_restaurants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_memberships_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "user_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_refresh_tokens_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_refresh_tokens_user_id_session_id"),
        "refresh_tokens",
        ["user_id", "session_id"],
        unique=False,
    )
    op.create_table(
        "rejected_rows",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("problem_number", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id", "upload_id"],
            ["data_uploads.restaurant_id", "data_uploads.id"],
            name=op.f("fk_rejected_rows_restaurant_id_upload_id_data_uploads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id",
            "upload_id",
            "row_number",
            "problem_number",
            name=op.f("pk_rejected_rows"),
        ),
    )
    op.create_table(
        "transactions",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id", "upload_id"],
            ["data_uploads.restaurant_id", "data_uploads.id"],
            name=op.f("fk_transactions_restaurant_id_upload_id_data_uploads"),
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "business_date", "id", name=op.f("pk_transactions")
        ),
        sa.UniqueConstraint(
            "restaurant_id",
            "source",
            "location",
            "order_key",
            "business_date",
            name="uq_transactions_order",
        ),
    )
    op.create_index(
        op.f("ix_transactions_restaurant_id_upload_id"),
        "transactions",
        ["restaurant_id", "upload_id"],
        unique=False,
    )
    _make_hypertables()
    apply_policies(op.get_bind())


def _make_hypertables() -> None:
    """Partition the sales by a month of 30 days, where an administrator has installed TimescaleDB.

    `flux roles` installs it where the server offers it; elsewhere the tables stay plain, and every
    query and key is the same.
    """
    has_timescaledb = op.get_bind().scalar(
        sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")
    )
    if has_timescaledb:
        for table in ("transactions", "transaction_items"):
            op.execute(
                f"SELECT create_hypertable('{table}', by_range('business_date', INTERVAL '1 month'),"
                " create_default_indexes => false)"
            )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_index(op.f("ix_transactions_restaurant_id_upload_id"), table_name="transactions")
    op.drop_table("transactions")
    op.drop_table("rejected_rows")
    op.drop_index(op.f("ix_refresh_tokens_user_id_session_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(op.f("ix_memberships_user_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_data_uploads_restaurant_id_created_at"), table_name="data_uploads")
    op.drop_index(
        "ix_data_uploads_due",
        table_name="data_uploads",
        postgresql_where=sa.text("status IN ('awaiting_file', 'processing')"),
    )
    op.drop_table("data_uploads")
    op.drop_table("users")
    op.drop_table("transaction_items")
    op.drop_table("restaurants")
