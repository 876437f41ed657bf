"""What tests share: a target on each database, and a PostgreSQL that is real."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.words import speak
from tests.postgres import Cluster


@pytest.fixture(autouse=True)
def _english() -> None:
    """A test speaks English until it says otherwise; a command line run before it may have spoken Chinese."""
    speak("en")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster for the run; a machine without one fails."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger can be made, on each of the two databases."""
    return _target(request, request.param, tmp_path / "ledger.db")


@pytest.fixture
def sqlite_target(tmp_path: Path) -> str:
    """Where a new ledger can be made, on SQLite alone."""
    return str(tmp_path / "ledger.db")


@pytest.fixture
def postgres_target(cluster: Cluster) -> str:
    """Where a new ledger can be made, on PostgreSQL alone."""
    return cluster.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def targets(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """As many new targets as a test asks for, on each of the two databases."""
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        return _target(request, request.param, tmp_path / f"ledger{count}.db")

    return make


def _target(request: pytest.FixtureRequest, dialect: str, path: Path) -> str:
    if dialect == "sqlite":
        return str(path)
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.new_database()
