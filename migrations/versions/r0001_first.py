"""The first schema: evidence, projections, guards."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0001"
down_revision = None

_INT = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str, *, key: bool = False) -> Column:
    return Column(name, Text, nullable=False, primary_key=key)


def _int(name: str, *, key: bool = False) -> Column:
    return Column(name, _INT, nullable=False, primary_key=key, autoincrement=False)


def _bytes(name: str) -> Column:
    return Column(name, LargeBinary, nullable=False)


def _create(name: str, *columns: Column, rowid: bool = True) -> None:
    op.create_table(name, *columns, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    """Make the tables, then the guards on evidence."""
    _create("entries", _int("seq", key=True), _bytes("header"), _bytes("content"), _bytes("leaf"))
    _create(
        "seals",
        _int("size", key=True),
        _int("first"),
        _bytes("root"),
        _text("author"),
        _bytes("signature"),
        _bytes("frontier"),
    )
    _create(
        "facts",
        _int("seq", key=True),
        _text("id"),
        _text("kind"),
        _text("officer"),
        _text("occurred_on"),
        _text("at"),
        _text("subject"),
        _text("status"),
    )
    op.create_index("facts_by_id", "facts", ["id"])
    op.create_index("facts_by_subject", "facts", ["subject", "seq"])
    _create(
        "moves",
        _int("seq", key=True),
        _int("i", key=True),
        _text("source"),
        _text("target"),
        _text("unit"),
        _text("quota"),
        _int("n"),
    )
    _create("objects", _text("sort", key=True), _text("id", key=True), _text("value"), rowid=False)
    _create(
        "balances",
        _text("account", key=True),
        _text("unit", key=True),
        _text("quota", key=True),
        _int("n"),
        rowid=False,
    )
    _create("projections", _text("name", key=True), _int("size"))
    op.execute("INSERT INTO projections (name, size) VALUES ('all', 0)")
    words = "evidence is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for table, key in (("entries", "seq"), ("seals", "size")):
            for verb in ("update", "delete"):
                op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                           f"BEGIN SELECT RAISE(ABORT, '{words}'); END")  # fmt: skip
            # REPLACE deletes without firing a trigger on DELETE
            op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                       f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
                       f"BEGIN SELECT RAISE(ABORT, '{words}'); END")  # fmt: skip
        return
    op.execute(
        "CREATE FUNCTION sunledger_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
    )
    for table in ("entries", "seals"):
        for verb, unit in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"FOR EACH {unit} EXECUTE FUNCTION sunledger_guard()"
            )


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise RuntimeError("the first revision cannot be taken back")
