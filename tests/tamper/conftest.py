"""One ledger that holds everything on each database, built once, copied by every test."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from ledger.chain.keys import verify_signature
from ledger.store.vault import Vault
from ledger.verify import evidence
from tests.postgres import Cluster
from tests.tamper.benches import Bench, Postgres, Sqlite
from tests.tamper.template import template, vault_of


@pytest.fixture(scope="session", autouse=True)
def _signatures() -> Iterator[None]:
    """The same bytes are not judged twice: whether a signature is one depends on nothing else, and most stay as they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "verify_signature", lru_cache(None)(verify_signature))
        yield


def _made(target: str, vaults: Path) -> Vault:
    made = template(target, vaults)
    vault = vault_of(made, vaults)
    made.ledger.close()
    return vault


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Vault]:
    """The ledger in a file, and its vault."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    return path, _made(str(path), path.parent / "vault")


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Vault]:
    """The name of the database that holds the ledger, and its vault."""
    url = cluster.new_database()
    return url.partition("@/")[2].partition("?")[0], _made(url, tmp_path_factory.mktemp("vault"))


@pytest.fixture
def sqlite_bench(sqlite_template: tuple[Path, Vault], tmp_path: Path) -> Sqlite:
    """Copies on SQLite."""
    path, vault = sqlite_template
    return Sqlite(path, tmp_path, vault)


@pytest.fixture(scope="session")
def _postgres(postgres_template: tuple[str, Vault], cluster: Cluster) -> Iterator[Postgres]:
    name, vault = postgres_template
    bench = Postgres(name, cluster, vault)
    yield bench
    bench.close()


@pytest.fixture
def postgres_bench(_postgres: Postgres) -> Postgres:
    """Copies on PostgreSQL."""
    return _postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """Copies on each of the two databases."""
    return request.getfixturevalue("sqlite_bench" if request.param == "sqlite" else "postgres_bench")  # type: ignore[no-any-return]
