"""Schema revisions by Alembic: what stands, and how to bring it to this release."""

from pathlib import Path

from sqlalchemy import Connection, inspect

from ledger.errors import VersionMismatch
from ledger.store.database import Database
from ledger.store.schema import REVISION


def upgrade(connection: Connection) -> None:
    """Bring the database to this release's schema inside the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """The schema revision that stands, or None where there are no tables of ours.

    Raises:
        VersionMismatch: the table of revisions does not name exactly one.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchall()
    if len(rows) != 1:
        raise VersionMismatch(
            f"the database names {len(rows)} schema revisions, not one", code="VERSION.SCHEMA",
            hint="an interrupted migration: restore the backup made before it",
        )  # fmt: skip
    return str(rows[0][0])


def require_revision(connection: Connection, database: Database) -> None:
    """Check that the database stands at this release's schema."""
    found = revision_of(connection)
    if found != REVISION:
        raise VersionMismatch(
            f"{database.where} has schema {found or 'none'}, this program needs {REVISION}", code="VERSION.SCHEMA",
            hint="use the release that matches, or: sunledger migrate",
        )  # fmt: skip
