"""A ledger at the command line that holds sealed values of invented people, and where their traces are looked for."""

import re
import time
from pathlib import Path
from typing import Any

from tests.commands.shell import MONEY, OFFICERS, Done, Shell

# Invented: no such person, number or account; each has a part that stands nowhere else.
PERSON = {
    "head": "示例户主丙丁戊", "identity": "87654319510203871X", "phone": "19987650431", "account": "9988770000123456781",
    "address": "示例村东沟七组七十七号",
}  # fmt: skip
PAYEE_ACCOUNT = "9988770000987654329"
WRONG = {"identity": "87654319510203999X", "phone": "19987659999"}
MARKERS = [*PERSON.values(), PAYEE_ACCOUNT, *WRONG.values()]
ENROL = "--as li household enroll --household H-1 --place 999901 {fields} --yes --id h1"
PAY = "--as li payment request --payment PAY-H --project P1 --amount 2元 --payee H-1 --payee-type person --account @account.txt --yes --id PAY-H"


def options(values: dict[str, str]) -> str:
    """Sealed values from files."""
    return " ".join(f"--{name} @{name}.txt" for name in values)


class SealedShell(Shell):
    """A shell whose ledger has a household and a payment to it; it keeps all that was ever said."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder, SUNLEDGER_VAULT=str(folder / "vault"), **environment)
        self.said: list[str] = []

    def run(self, *words: str, stdin: str = "") -> Done:
        """Run one command line, and keep what it says."""
        done = super().run(*words, stdin=stdin)
        self.said.append(done.out + done.err)
        return done

    def found(self) -> "SealedShell":
        """Make the ledger."""
        self.all(OFFICERS.format(policy="small") + MONEY.strip())
        self.all("""officer new-key zhao
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles administrator,auditor --public-key zhao --yes""")
        for name, value in PERSON.items():
            (self.folder / f"{name}.txt").write_text(value + "\n", "utf-8")
        self.all(ENROL.format(fields=options(PERSON)))
        (self.folder / "account.txt").write_text(PAYEE_ACCOUNT, "utf-8")
        self.all(PAY)
        for path in self.folder.glob("*.txt"):
            path.unlink()
        return self

    def traces(self, markers: list[str] = MARKERS) -> dict[str, list[str]]:
        """Which files below the folder hold a marker, or ten digits of it, in clear, in any usual encoding."""
        found: dict[str, list[str]] = {}
        for path in self.folder.rglob("*"):
            if path.is_file():
                parts = parts_in(path.read_bytes(), markers)
                if parts:
                    found[path.name] = parts
        return found


def fragments(marker: str, digits: int = 10) -> list[str]:
    """A marker in pieces that would still name somebody: so many digits, or four characters of a name or an address.

    Ten where hashes stand about, in which six digits of any number come by chance.
    """
    size = digits if marker.isascii() else 4
    return [marker[n : n + size] for n in range(len(marker) - size + 1)]


def parts_in(raw: bytes, markers: list[str], digits: int = 10) -> list[str]:
    """The fragments of markers that stand in bytes, plain, in UTF-16, in GBK or escaped as in JSON."""
    found = []
    for marker in markers:
        for part in fragments(marker, digits):
            forms = [part.encode(), part.encode("utf-16-le")]
            if not part.isascii():
                forms += ["".join(f"\\u{ord(c):04x}" for c in part).encode(), part.encode("gbk")]
            if any(form in raw for form in forms):
                found.append(part)
    return found


def unmasked(text: str, markers: list[str] = MARKERS) -> list[str]:
    """The fragments of markers in an answer, six digits or more, hashes and keys left out; a mask leaves four."""
    return parts_in(_HASHES.sub("", text).encode(), markers, 6)


_HASHES = re.compile(r"[0-9a-f]{16,}|[A-Za-z0-9+/=]{40,}")


def json_of(shell: Shell, line: str) -> Any:
    """The one document of a line that succeeds."""
    done = shell.line(f"--json {line}")
    assert done.code == 0, done
    return done.json


def of_process(pid: int, name: str) -> bytes:
    """What the system tells everybody about a process; right after its start there is nothing to tell yet."""
    file = Path(f"/proc/{pid}/{name}")
    for _ in range(20_000):
        if raw := file.read_bytes():
            return raw
        time.sleep(0.005)
    return b""
