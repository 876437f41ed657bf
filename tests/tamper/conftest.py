"""One ledger of fifty entries on each database, built once, copied by every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster
from tests.tamper.benches import Bench, Postgres, Sqlite
from tests.tamper.fifty import fifty


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger in a file."""
    path = tmp_path_factory.mktemp("fifty") / "ledger.db"
    fifty(str(path)).ledger.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    """The name of the database that holds the ledger."""
    url = cluster.new_database()
    fifty(url).ledger.close()
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def sqlite_bench(sqlite_template: Path, tmp_path: Path) -> Sqlite:
    """Copies on SQLite."""
    return Sqlite(sqlite_template, tmp_path)


@pytest.fixture(scope="session")
def _postgres(postgres_template: str, cluster: Cluster) -> Iterator[Postgres]:
    bench = Postgres(postgres_template, cluster)
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
