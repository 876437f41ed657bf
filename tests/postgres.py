"""A real PostgreSQL for the tests: the system's where there is one, else the one `pgserver` brings."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def _binaries() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    import pgserver  # where the system has no PostgreSQL

    return Path(pgserver.__file__).parent / "pginstall" / "bin"


def _unprivileged() -> str | None:
    """The user to run as; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


def _open_to_all(folder: Path) -> bool:
    """Whether another user can reach a folder."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))


def _copied(binaries: Path, site: Path) -> Path:
    """The installation with the libraries it finds beside it, where any user can reach them."""
    install = binaries.parent
    shutil.copytree(install, site / install.parent.name / install.name, symlinks=True)
    libraries = install.parents[1] / f"{install.parent.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name)
    return site / install.parent.name / install.name / binaries.name


class Cluster:
    """One cluster in a temporary folder, reached by a socket; its data need not survive a power cut."""

    def __init__(self) -> None:
        self.binaries = _binaries()
        self.user = _unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="sunledger-pg-", dir="/tmp"))
        self._opened_for_user()
        if self.user and not _open_to_all(self.binaries):
            self.binaries = _copied(self.binaries, self.folder / "site")
        self.data = self.folder / "data"
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        settings = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=60"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", settings, "start")
        self._count = 0

    def _opened_for_user(self) -> None:
        if self.user:
            shutil.chown(self.folder, self.user)

    def _run(self, program: str, *arguments: str) -> None:
        kwargs = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(
            [self.binaries / program, *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd="/", **kwargs,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()[-400:]}")

    def url(self, name: str) -> str:
        """Where a database is."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        import psycopg

        self._count += 1
        name = f"t{os.getpid()}_{self._count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.url(name)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
