"""What may have been meant by a reference that no ledger knows: the rules of a book say only that there is none, the client looks."""

from contextlib import suppress

from ledger.commands.nearest import meant_id
from ledger.commands.options import Options
from ledger.errors import LedgerError
from ledger.service import Ledger

_OUT_OF_REACH = "RIGHTS.JURISDICTION"


def add_meant(options: Options, error: LedgerError, named: list[tuple[str, str]]) -> None:
    """Put what may have been meant before the hint of each finding about a reference that is not known.

    `named` are the references of the command: (sort, id). A body that does not exist is told as one out of reach.
    """
    unknown = [problem for problem in error.problems if str(problem["code"]).startswith(("REFERENCE.", _OUT_OF_REACH))]
    if not unknown:
        return
    with suppress(LedgerError):
        ledger = Ledger.open(options.ledger)
        try:
            with ledger.reading() as session:
                for problem in unknown:
                    for sort, id in named:
                        codes = (f"REFERENCE.{sort.upper()}", _OUT_OF_REACH if sort == "authority" else "")
                        told = {problem.get("id"), problem.get("body")} - {None}
                        if problem["code"] in codes and id in (told or {id}) and session.state.get(sort, id) is None:
                            problem["hint"] = f"{meant_id(session.state, sort, id)}{problem.get('hint', '')}"
        finally:
            ledger.close()
        error.hint = str(error.problems[0].get("hint", ""))
