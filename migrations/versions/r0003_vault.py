"""The vault: sealed values, encrypted under keys that are not here."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0003"  # 0002 was that of ledgers whose entries were judged by other rules: no step leads on from it
down_revision = "0001"

_INT = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Add the table of sealed values; no guard keeps its rows, because erasure takes them away."""
    op.create_table(
        "vault",
        Column("seq", _INT, nullable=False, primary_key=True, autoincrement=False),
        Column("field", Text, nullable=False, primary_key=True),
        Column("box", LargeBinary, nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Sealed values would be lost."""
    raise RuntimeError("the vault cannot be taken back: its sealed values would be lost")
