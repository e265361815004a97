"""Sessions, mailed links, invitations and outgoing mail.

Refresh tokens from before belong to no listed session, so whoever is logged in logs in once more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from flux.core.rls import apply_policies

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("users", _instant("email_verified_at", nullable=True))
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        _instant("created_at"),
        _instant("last_used_at"),
        _instant("expires_at"),
        _instant("ended_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    _replace_refresh_tokens()
    op.create_table(
        "mail_links",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _instant("expires_at"),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password')",
            name=op.f("ck_mail_links_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mail_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "purpose", name=op.f("pk_mail_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_links_token_hash")),
    )
    op.create_table(
        "invitations",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        _instant("created_at"),
        _instant("expires_at"),
        sa.CheckConstraint(
            "role IN ('owner', 'manager', 'viewer')", name=op.f("ck_invitations_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_invitations_restaurant_id_restaurants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "restaurant_id", "email", name=op.f("uq_invitations_restaurant_id_email")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _instant("due_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
    )
    op.create_index(op.f("ix_outgoing_mails_due_at"), "outgoing_mails", ["due_at"])
    # They answer with other columns than before, which CREATE OR REPLACE cannot do.
    op.execute("DROP FUNCTION find_login(text), find_refresh_token(bytea)")
    apply_policies(op.get_bind())


def _replace_refresh_tokens() -> None:
    op.execute("TRUNCATE refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_user_id_session_id"), table_name="refresh_tokens")
    op.drop_column("refresh_tokens", "revoked_at")
    op.add_column("refresh_tokens", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"])
    op.create_foreign_key(
        op.f("fk_refresh_tokens_session_id_sessions"),
        "refresh_tokens",
        "sessions",
        ["session_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("outgoing_mails", "invitations", "mail_links"):
        op.drop_table(table)
    op.drop_constraint(op.f("fk_refresh_tokens_session_id_sessions"), "refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_session_id"), table_name="refresh_tokens")
    op.drop_column("refresh_tokens", "parent_id")
    op.add_column("refresh_tokens", _instant("revoked_at", nullable=True))
    op.create_index(
        op.f("ix_refresh_tokens_user_id_session_id"), "refresh_tokens", ["user_id", "session_id"]
    )
    op.drop_table("sessions")
    op.drop_column("users", "email_verified_at")
