"""What may have been meant by a reference that no ledger knows: the rules of a book say only that there is none, the client looks."""

from contextlib import suppress

from ledger.commands.nearest import meant_id
from ledger.commands.options import Options
from ledger.errors import LedgerError
from ledger.service import Ledger


def add_meant(options: Options, error: LedgerError, named: list[tuple[str, str]]) -> None:
    """Put what may have been meant before the hint of each finding about a reference that is not known.

    `named` are the references of the command: (sort, id).
    """
    unknown = [problem for problem in error.problems if str(problem["code"]).startswith("REFERENCE.")]
    if not unknown:
        return
    with suppress(LedgerError):
        ledger = Ledger.open(options.ledger)
        try:
            with ledger.reading() as session:
                for problem in unknown:
                    for sort, id in named:
                        if problem["code"] == f"REFERENCE.{sort.upper()}" and problem.get("id") == id and session.state.get(sort, id) is None:
                            problem["hint"] = f"{meant_id(session.state, sort, id)}{problem.get('hint', '')}"
        finally:
            ledger.close()
        error.hint = str(error.problems[0].get("hint", ""))
