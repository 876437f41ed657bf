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


def _quickest() -> str:
    """Where hundreds of databases are made and removed soonest: in memory, where a machine has plenty of it."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 8 << 30 else "/tmp"


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


_MORE_THAN_TABLES = (
    "SELECT 1 FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('public', 'information_schema')"
    " UNION ALL SELECT 1 FROM pg_event_trigger UNION ALL SELECT 1 FROM pg_extension WHERE extname <> 'plpgsql'"
    " UNION ALL SELECT 1 FROM pg_largeobject_metadata"
)


class Cluster:
    """One cluster in a temporary folder, reached by a socket; its data need not survive a power cut."""

    def __init__(self) -> None:
        self.binaries = _binaries()
        self.user = _unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="sunledger-pg-", dir=_quickest()))
        self._opened_for_user()
        if self.user and not _open_to_all(self.binaries):
            self.binaries = _copied(self.binaries, self.folder / "site")
        self.data = self.folder / "data"
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        settings = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=60"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", settings, "start")
        self._count = 0
        self._empty: list[str] = []

    def _opened_for_user(self) -> None:
        if self.user:
            shutil.chown(self.folder, self.user)

    def _run(self, program: str, *arguments: str) -> None:
        kwargs = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(
            [self.binaries / program, *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd="/", env=os.environ | {"PGCTLTIMEOUT": "600"}, **kwargs,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()[-400:]}")

    def url(self, name: str) -> str:
        """Where a database is."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database: one that was given back, or a new one."""
        import psycopg

        if self._empty:
            return self._empty.pop()
        self._count += 1
        name = f"t{os.getpid()}_{self._count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            copied = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'{copied}")
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Empty a database for the next test: a hundred thousand files of databases nobody needs take a minute to remove.

        One in which a test made more than tables of the public schema is dropped.
        """
        import psycopg

        name = url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            odd = connection.execute("SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
                                     " WHERE d.datname = %s", (name,)).fetchone()  # fmt: skip
            if not odd:
                with psycopg.connect(url, autocommit=True) as inside:
                    odd = inside.execute(_MORE_THAN_TABLES).fetchone()
                    inside.execute("DROP SCHEMA IF EXISTS public CASCADE")
                    inside.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner" if inside.info.server_version >= 140000
                                   else "CREATE SCHEMA public")  # fmt: skip
                    inside.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
            if odd:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            else:
                self._empty.append(url)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
