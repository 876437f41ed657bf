"""A ledger with its keys that can be copied: what an auditor keeps, what an administrator does behind their back."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.chain import canonical
from ledger.chain.header import build_header, content_digest, parse_header
from ledger.chain.keys import seal_message
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.store import projections
from ledger.store.database import open_database
from ledger.store.keystore import KeyStore, Signer
from ledger.store.session import Session
from tests.commands.shell import MONEY, OFFICERS, Done, Shell
from tests.postgres import Cluster

PAY = "--as wang payment approve --payment PAY-1 --yes --id {id}"
STATE = "--as wang book state --book 999901 --yes"
PAPER = "report allocation --book 999901 --year 2025 -o {file}"
WITNESS = "officer new-key {name} --keys {name}"


class Office:
    """A folder with keys and files, and a database somewhere."""

    def __init__(self, folder: Path, target: str, cluster: Cluster | None) -> None:
        self.folder = folder
        self.target = target
        self.cluster = cluster
        self.shell = Shell(folder, SUNLEDGER_LEDGER=target, SUNLEDGER_LANG="en")

    @classmethod
    def founded(cls, folder: Path, target: str, cluster: Cluster | None, more: str = MONEY) -> "Office":
        """A new ledger of ten entries: a request of one yuan waits to be paid."""
        office = cls(folder, target, cluster)
        office.all(OFFICERS.format(policy="small") + more.strip())
        return office

    def copy(self, folder: Path) -> "Office":
        """The same ledger and keys elsewhere, as from a backup."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        if self.cluster is None:
            return Office(folder, str(folder / "ledger.db"), None)
        import psycopg

        target = self.cluster.new_database()
        name, template = (url.partition("@/")[2].partition("?")[0] for url in (target, self.target))
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name}")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Office(folder, target, self.cluster)

    def run(self, line: str) -> Done:
        """Run a command line, whatever comes of it but a traceback or a fault."""
        done = self.shell.line(line)
        assert done.code not in (1, 2), (line, done)
        assert "Traceback" not in done.out + done.err
        return done

    def all(self, lines: str) -> None:
        """Run lines, each of which must succeed."""
        self.shell.all(lines)

    def json(self, line: str, code: int = 0) -> Any:
        """The one document of a line that must leave with a code."""
        done = self.run(f"--json {line}")
        assert done.code == code, (line, done)
        return done.json

    def refused(self, line: str, code: int, words: str) -> str:
        """What is said where a line must leave with a code; `words` must be in it."""
        done = self.run(line)
        assert (done.code, words in done.err) == (code, True), (line, done)
        assert all(text.startswith("error[") and len(text) <= 400 for text in done.err.splitlines() if "error" in text), done.err
        return done.err

    def path(self, name: str) -> Path:
        """A file of the office."""
        return self.folder / name

    @property
    def ledger_id(self) -> str:
        """The ledger's id."""
        return str(self.json("status")["ledger_id"])

    @property
    def key(self) -> str:
        """The ledger's public key as handed on."""
        return str(self.json("checkpoint")["key"])

    def signer(self, name: str) -> Signer:
        """A private key of the office."""
        return KeyStore(self.folder / "keys").signer(name)

    @contextmanager
    def edited(self) -> Iterator[Callable[..., list[Any]]]:
        """Edit the database behind its guards, by statements written with `?`; the derived tables are made anew."""
        database = open_database(self.target)
        with database.engine.connect() as connection, connection.begin():

            def run(sql: str, *values: Any) -> list[Any]:
                found = connection.exec_driver_sql(database.sql(sql), values or None)
                return found.fetchall() if found.returns_rows else []

            kept = []
            if database.dialect == "sqlite":
                kept = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                for name, _ in kept:
                    run(f"DROP TRIGGER {name}")
            else:
                run("SET LOCAL session_replication_role = replica")
            yield run
            for _, words in kept:
                run(words)
        with database.writing() as connection:
            projections.clear(database, connection)
            projections.replay(Session(database, connection), 0)
        database.close()

    def rewrite(self, k: int, names: list[str]) -> None:
        """Another payee in entry k, and every hash from there on made anew, sealed with the keys of some officers."""
        signers = {signer.key: signer for signer in map(self.signer, names)}
        with self.edited() as edit:
            tree, prev, roots = Frontier(), "", {}
            for seq, raw, content in edit("SELECT seq, header, content FROM entries ORDER BY seq"):
                value, header = canonical.decode(content), parse_header(raw)
                if seq == k:
                    value["data"]["payee"] = "另一公司"
                if seq >= k:
                    content = canonical.encode(value)
                    header = header._replace(prev=prev, content=content_digest(content))
                    row = (build_header(header), content, leaf_hash(build_header(header)))
                    edit("UPDATE entries SET header = ?, content = ?, leaf = ? WHERE seq = ?", *row, seq)
                prev = leaf_hash(build_header(header)).hex()
                tree.append(bytes.fromhex(prev))
                roots[tree.size] = tree.copy()
            for first, size, author in edit("SELECT first, size, author FROM seals WHERE size > ? ORDER BY size", k):
                root = roots[size].root()
                edit("UPDATE seals SET root = ?, frontier = ? WHERE size = ?", root, roots[size].to_bytes(), size)
                if author in signers:
                    signature = signers[author].private.sign(seal_message(first, "demo.example/county", size, root))
                    edit("UPDATE seals SET signature = ? WHERE size = ?", signature, size)

    def cut(self, size: int) -> None:
        """Take the tail away from every table."""
        with self.edited() as edit:
            edit("DELETE FROM entries WHERE seq >= ?", size)
            edit("DELETE FROM seals WHERE size > ?", size)
            for table in ("facts", "moves", "objects", "balances"):
                edit(f"DELETE FROM {table}")
            edit("UPDATE projections SET size = 0")
