"""journal, call records, customers, articles, accounts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _journal()
    _call_record()
    _customer()
    _article()
    _account()


def downgrade() -> None:
    for table in (
        "web_session",
        "account",
        "article",
        "customer_number",
        "customer",
        "call_record",
        "journal",
    ):
        op.drop_table(table)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("fact_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text()),
        sa.Column("agent_id", sa.Text()),
        sa.Column("queue", sa.Text()),
        sa.Column("body", JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
        sa.UniqueConstraint("fact_id", name="uq_journal_fact_id"),
    )
    op.create_index("ix_journal_call_id_seq", "journal", ["call_id", "seq"])
    op.create_index("ix_journal_kind_at", "journal", ["kind", "at"])
    op.create_index("ix_journal_agent_id_kind_seq", "journal", ["agent_id", "kind", "seq"])
    op.create_index("ix_journal_queue_at", "journal", ["queue", "at"])
    op.create_index("ix_journal_at", "journal", ["at"])


def _call_record() -> None:
    op.create_table(
        "call_record",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("ani", sa.Text(), nullable=False),
        sa.Column("dnis", sa.Text(), nullable=False),
        sa.Column("trunk", sa.Text(), nullable=False),
        sa.Column("ani_verified", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("vip_level", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("last_step", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text()),
        sa.Column("queued_at", MOMENT),
        sa.Column("waited_s", sa.Double()),
        sa.Column("agent_id", sa.Text()),
        sa.Column("answered_at", MOMENT),
        sa.Column("pop_latency_ms", sa.Double()),
        sa.Column("talk_s", sa.Double(), nullable=False),
        sa.Column("hold_s", sa.Double(), nullable=False),
        sa.Column("wrap_up_s", sa.Double(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recording_path", sa.Text(), nullable=False),
        sa.Column("recording_sha256", sa.Text(), nullable=False),
        sa.Column("recording_s", sa.Double()),
        sa.PrimaryKeyConstraint("call_id", name="pk_call_record"),
    )
    op.create_index("ix_call_record_arrived_at", "call_record", ["arrived_at"])
    op.create_index("ix_call_record_agent_id_arrived_at", "call_record", ["agent_id", "arrived_at"])
    op.create_index(
        "ix_call_record_customer_id_arrived_at", "call_record", ["customer_id", "arrived_at"]
    )
    op.create_index("ix_call_record_ani_arrived_at", "call_record", ["ani", "arrived_at"])
    op.create_index("ix_call_record_outcome", "call_record", ["outcome"])


def _customer() -> None:
    op.create_table(
        "customer",
        sa.Column("customer_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(64)),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("vip_level", sa.String(32), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer"),
        sa.UniqueConstraint("reference", name="uq_customer_reference"),
    )
    op.create_table(
        "customer_number",
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.customer_id"],
            name="fk_customer_number_customer_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", "customer_id", name="pk_customer_number"),
    )
    op.create_index("ix_customer_number_customer_id", "customer_number", ["customer_id"])


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("article_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("alt", JSON, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("spoken", sa.Text(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_article"),
    )


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("agent_id", sa.String(16)),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_account"),
    )
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["account.username"], name="fk_web_session_username", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_web_session"),
    )
    op.create_index("ix_web_session_username", "web_session", ["username"])
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"])
