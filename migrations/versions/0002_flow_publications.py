"""publications of flows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_text",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_flow_text"),
    )
    op.create_table(
        "flow_publication",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("equals", sa.Integer()),
        sa.Column("site_version", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_flow_publication"),
    )
    op.create_table(
        "flow_file",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["flow_publication.number"], name="fk_flow_file_number"
        ),
        sa.ForeignKeyConstraint(["digest"], ["flow_text.digest"], name="fk_flow_file_digest"),
        sa.PrimaryKeyConstraint("number", "flow", name="pk_flow_file"),
    )
    op.create_index("ix_flow_file_flow_version", "flow_file", ["flow", "version"])


def downgrade() -> None:
    for table in ("flow_file", "flow_publication", "flow_text"):
        op.drop_table(table)
