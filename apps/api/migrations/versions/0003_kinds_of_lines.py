"""What a line counts as: a sale, a refund, a charge, or paid in advance."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "transaction_items", sa.Column("kind", sa.Text(), nullable=False, server_default="sale")
    )
    op.create_check_constraint(
        op.f("ck_transaction_items_kind_known"),
        "transaction_items",
        "kind IN ('sale', 'refund', 'charge', 'deferred')",
    )
    # Until now a refund was a line with a negative quantity.
    # The owner may write to no tenant's rows, so the guard is lifted for this one statement.
    op.execute("ALTER TABLE transaction_items NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE transaction_items SET kind = 'refund' WHERE quantity < 0")
    op.execute("ALTER TABLE transaction_items FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("transaction_items", "kind")
