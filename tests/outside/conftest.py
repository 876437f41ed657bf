"""One office on each database, built once, copied by every test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.outside.office import PAY, Office


@pytest.fixture(scope="session")
def _sqlite_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office")
    return Office.founded(folder, str(folder / "ledger.db"), None)


@pytest.fixture(scope="session")
def _postgres_office(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Office:
    cluster = request.getfixturevalue("cluster")
    return Office.founded(tmp_path_factory.mktemp("office"), cluster.new_database(), cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    """A ledger of ten entries on each of the two databases."""
    template: Office = request.getfixturevalue("_sqlite_office" if request.param == "sqlite" else "_postgres_office")
    return template.copy(tmp_path / "office")


@pytest.fixture
def sqlite_office(_sqlite_office: Office, tmp_path: Path) -> Office:
    """A ledger of ten entries in a file."""
    return _sqlite_office.copy(tmp_path / "office")


@pytest.fixture
def fork(tmp_path: Path) -> Callable[[Office], Office]:
    """Makes of an office two histories from one backup, each sound: returns the other, in `../other`."""

    def make(office: Office) -> Office:
        other = office.copy(tmp_path / "other")
        office.all(PAY.format(id="PAID-here"))
        other.all(PAY.format(id="PAID-there"))
        return other

    return make
