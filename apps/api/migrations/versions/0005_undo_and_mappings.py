"""What a worker is to do with completed uploads: undo them, or read them again. What owners said of headers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from flux.core.rls import apply_policies

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LEASE = "ck_data_uploads_lease_while_processing"
_WORKING = "(status = 'processing') = (lease_token IS NOT NULL)"
_DUE = "status IN ('awaiting_file', 'processing')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("data_uploads", sa.Column("requested", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_data_uploads_requested_of_completed"),
        "data_uploads",
        "requested IS NULL OR (requested IN ('undo', 'read_again') AND status = 'completed')",
    )
    op.drop_constraint(op.f(_LEASE), "data_uploads")
    op.create_check_constraint(
        op.f(_LEASE), "data_uploads", f"CASE WHEN requested IS NULL THEN {_WORKING} ELSE true END"
    )
    _index_due(f"{_DUE} OR requested IS NOT NULL")
    op.create_table(
        "column_mappings",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_column_mappings_restaurant_id_restaurants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_column_mappings_created_by_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "fingerprint", name=op.f("pk_column_mappings")),
    )
    # It takes and answers with more than before; on a new database it never was.
    op.execute("DROP FUNCTION IF EXISTS find_unsent_uploads(integer)")
    apply_policies(op.get_bind())


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("column_mappings")
    op.drop_constraint(op.f(_LEASE), "data_uploads")
    op.drop_constraint(op.f("ck_data_uploads_requested_of_completed"), "data_uploads")
    _index_due(_DUE)
    op.drop_column("data_uploads", "requested")
    # The owner may write to no tenant's rows, so the guard is lifted for this one statement.
    op.execute("ALTER TABLE data_uploads NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE data_uploads SET lease_token = NULL, lease_until = NULL WHERE status = 'completed'"
    )
    op.execute("ALTER TABLE data_uploads FORCE ROW LEVEL SECURITY")
    op.create_check_constraint(op.f(_LEASE), "data_uploads", _WORKING)


def _index_due(where: str) -> None:
    op.drop_index("ix_data_uploads_due", table_name="data_uploads")
    op.create_index(
        "ix_data_uploads_due", "data_uploads", ["created_at"], postgresql_where=sa.text(where)
    )
