"""What tests share: a target on each database, and a PostgreSQL that is real."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ledger.words import speak
from tests.postgres import Cluster

# How fast examples come is a matter of the machine, and says nothing of the product.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


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


@pytest.fixture
def postgres_target(cluster: Cluster) -> Iterator[str]:
    """Where a new ledger can be made, on PostgreSQL alone."""
    url = cluster.new_database()
    yield url
    cluster.give_back(url)


@pytest.fixture
def sqlite_target(tmp_path: Path) -> str:
    """Where a new ledger can be made, on SQLite alone."""
    return str(tmp_path / "ledger.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest) -> str:
    """Where a new ledger can be made, on each of the two databases."""
    found: str = request.getfixturevalue("sqlite_target" if request.param == "sqlite" else "postgres_target")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def targets(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """As many new targets as a test asks for, on each of the two databases."""
    made: list[str] = []

    def make() -> str:
        made.append(str(tmp_path / f"ledger{len(made)}.db") if cluster is None else cluster.new_database())
        return made[-1]

    cluster: Cluster | None = None if request.param == "sqlite" else request.getfixturevalue("cluster")
    yield make
    for url in made if cluster else ():
        assert cluster
        cluster.give_back(url)
