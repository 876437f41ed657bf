"""Every operating error: one base, a stable code, one exit code, and what to do."""

from typing import ClassVar

from ledger import words


class Problem(dict[str, object]):
    """One thing that is wrong: `code`, `message`, `hint`, and facts such as `row` or `seq`."""

    def __init__(self, key: str, message: str = "", *, hint: str = "", **facts: object) -> None:
        """`key` is one of `ledger.words`: a code, or `CODE:variant`. With a `message` it is a code that has no words yet."""
        if not message:
            message, hint = words.say(key, facts), words.hint(key, facts)
        kept = {name: str(fact) if isinstance(fact, Exception) else fact for name, fact in facts.items()}
        super().__init__(code=key.partition(":")[0], message=message, **kept)
        if hint:
            self["hint"] = hint


class LedgerError(Exception):
    """An operating error: expected, explained, and mapped to one exit code.

    Its first argument is a key of `ledger.words`, filled in by the facts. `problems` lists each single finding; an error about one thing is its own only problem.
    """

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "ERROR"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        hint: str = "",
        problems: list[Problem] | None = None,
        **facts: object,
    ) -> None:
        if not code and words.is_key(message):
            code, key = message.partition(":")[0], message
            message, hint = words.say(key, facts), words.hint(key, facts)
        super().__init__(message)
        self.code = code or self.default_code
        self.message = message
        self.hint = hint
        self.facts = facts
        self.problems = (
            problems if problems is not None else [Problem(self.code, message, hint=hint, **facts)]
        )


class Usage(LedgerError):
    """The command line itself is wrong."""

    exit_code = 2
    default_code = "USAGE"


class InputRejected(LedgerError):
    """Wrong whatever the ledger holds."""

    exit_code = 3
    default_code = "INPUT"


class NotPermitted(LedgerError):
    """The key, role, jurisdiction or person may not do this."""

    exit_code = 4
    default_code = "RIGHTS"


class NotFound(LedgerError):
    """What a read names does not exist."""

    exit_code = 5
    default_code = "NOT_FOUND"


class Refused(LedgerError):
    """Well-formed, but the ledger's state says no."""

    exit_code = 6
    default_code = "REFUSED"


class Declined(LedgerError):
    """The person at the terminal said no."""

    exit_code = 7
    default_code = "DECLINED"


class Busy(LedgerError):
    """Another writer holds the ledger."""

    exit_code = 8
    default_code = "BUSY"


class OutcomeUnknown(LedgerError):
    """The line was cut after the commit was sent."""

    exit_code = 9
    default_code = "OUTCOME_UNKNOWN"


class IntegrityFailed(LedgerError):
    """The evidence does not hold."""

    exit_code = 10
    default_code = "INTEGRITY"


class IntegrityUndecided(LedgerError):
    """Evidence that is needed for a verdict is missing."""

    exit_code = 11
    default_code = "UNDECIDED"


class StorageTrouble(LedgerError):
    """Disk, file or database trouble."""

    exit_code = 13
    default_code = "STORAGE"


class VersionMismatch(LedgerError):
    """The database and this program are of different versions."""

    exit_code = 14
    default_code = "VERSION"
