"""Schema revisions by Alembic: what stands, and how to bring it to this release."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import VersionMismatch
from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.schema import REVISION

if TYPE_CHECKING:
    from sqlalchemy import Connection as AlchemyConnection

# A table or a view of that name, where a query that names it would find it.
_HAS_REVISION = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = 'alembic_version' COLLATE NOCASE",
    "postgresql": "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'alembic_version' AND relkind IN ('r', 'p', 'f', 'v', 'm') "
                  "AND pg_catalog.pg_table_is_visible(oid)",
}  # fmt: skip


def upgrade(connection: "AlchemyConnection") -> None:
    """Bring the database to this release's schema inside the transaction of `connection`."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def upgrade_ledger(connection: "AlchemyConnection", database: Database) -> str:
    """Bring a ledger to this release's schema; returns the revision that stood.

    Raises:
        VersionMismatch: there is no ledger, or one of a newer release.
    """
    from alembic.script import ScriptDirectory

    found = revision_of(connection, database)
    if found is None or found not in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise VersionMismatch("VERSION.SCHEMA:no_step", where=database.where, found=found or "–", needed=REVISION)
    if found != REVISION:
        upgrade(connection)
    return found


def _config() -> Any:
    from alembic.config import Config

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return config


def revision_of(connection: Connection, database: Database) -> str | None:
    """The schema revision that stands, or None where there are no tables of ours.

    Raises:
        VersionMismatch: the table of revisions does not name exactly one.
    """
    if database.one(connection, _HAS_REVISION[database.dialect]) is None:
        return None
    rows = database.all(connection, "SELECT version_num FROM alembic_version")
    if len(rows) != 1:
        raise VersionMismatch("VERSION.SCHEMA:many", count=len(rows))
    return str(rows[0][0])


def require_revision(connection: Connection, database: Database) -> None:
    """Check that the database stands at this release's schema."""
    found = revision_of(connection, database)
    if found is None:
        raise VersionMismatch("VERSION.SCHEMA:none", where=database.where)
    if found != REVISION:
        raise VersionMismatch("VERSION.SCHEMA:other", where=database.where, found=found, needed=REVISION)
