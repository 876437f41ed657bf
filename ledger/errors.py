"""Every operating error: one base, a stable code, one exit code, and what to do."""

from typing import Any, ClassVar, Self

from ledger import words


class Problem(dict[str, object]):
    """One thing that is wrong: `code`, `message`, `hint`, and facts such as `row` or `seq`."""

    def __init__(self, key: str, *, as_code: str = "", **facts: Any) -> None:
        """`key` is one of `ledger.words`: a code, or `CODE:variant`; `as_code` is another code that these words explain."""
        hint = words.hint(key, facts)
        kept = {name: words.kept(fact) for name, fact in facts.items()}
        super().__init__(code=as_code or key.partition(":")[0], message=words.say(key, facts), **kept)
        self.said = frozenset(words.facts_in(key))  # the facts that stand in the sentence
        if hint:
            self["hint"] = hint

    def under(self, place: str) -> Self:
        """The same, told of one file or column."""
        self["message"] = f"{place}{'：' if words.spoken() == 'zh' else ': '}{self['message']}"
        return self


class LedgerError(Exception):
    """An operating error: expected, explained, and mapped to one exit code.

    Its first argument is a key of `ledger.words`, filled in by the facts. `problems` lists each single finding; an error about one thing is its own only problem.
    """

    exit_code: ClassVar[int] = 1
    answered = False  # whether the answer it goes with is on stdout already

    def __init__(self, key: str, *, as_code: str = "", problems: list[Problem] | None = None, **facts: Any) -> None:
        first = Problem(key, as_code=as_code, **facts)
        super().__init__(key)
        self.facts = facts
        self._told(first, problems or [first])

    def _told(self, first: Problem, problems: list[Problem]) -> None:
        self.code, self.message, self.hint = str(first["code"]), str(first["message"]), str(first.get("hint", ""))
        self.problems = problems

    def __str__(self) -> str:
        return self.message

    @classmethod
    def of(cls, problems: list[Problem]) -> Self:
        """The error that these findings are; its code and words are those of the first."""
        error = cls.__new__(cls)
        Exception.__init__(error, problems[0]["code"])
        error.facts = {}
        error._told(problems[0], problems)
        return error

    def because(self, key: str, **facts: object) -> Self:
        """The same error, told as what another sentence says of it; `why` in there is its own."""
        self.message, self.hint = words.say(key, {"why": self, **facts}), words.hint(key, {"why": self, **facts})
        return self

    def after_answer(self) -> Self:
        """The same error, raised once the answer is on stdout: it adds a line and an exit code, not a second document."""
        self.answered = True
        return self

    def among(self, problems: list[Problem]) -> Self:
        """This error as one of several findings."""
        self.problems = problems
        return self


class Usage(LedgerError):
    """The command line itself is wrong."""

    exit_code = 2


class InputRejected(LedgerError):
    """Wrong whatever the ledger holds."""

    exit_code = 3


class NotPermitted(LedgerError):
    """The key, role, jurisdiction or person may not do this."""

    exit_code = 4


class NotFound(LedgerError):
    """What a read names does not exist."""

    exit_code = 5


class Refused(LedgerError):
    """Well-formed, but the ledger's state says no."""

    exit_code = 6


class Declined(LedgerError):
    """The person at the terminal said no."""

    exit_code = 7


class Busy(LedgerError):
    """Another writer holds the ledger."""

    exit_code = 8


class OutcomeUnknown(LedgerError):
    """The line was cut after the commit was sent."""

    exit_code = 9


class IntegrityFailed(LedgerError):
    """The evidence does not hold."""

    exit_code = 10


class IntegrityUndecided(LedgerError):
    """Evidence that is needed for a verdict is missing."""

    exit_code = 11


class StorageTrouble(LedgerError):
    """Disk, file or database trouble."""

    exit_code = 13


class VersionMismatch(LedgerError):
    """The database and this program are of different versions."""

    exit_code = 14
