"""The second-person policy as a person names it: standard, small, or a file.

    [second]
    "quota.release" = "person"
    "entry.reverse" = "money"      # only where the entry it reverses is in stream money
"""

import tomllib
from pathlib import Path
from typing import Any

from ledger.book.rights import POLICIES, policy_table
from ledger.errors import InputRejected, NotFound
from ledger.kinds.declare import KINDS
from ledger.store.files import read_limited


def policy_rows(said: str) -> list[dict[str, Any]]:
    """The rows of a policy. Raises InputRejected."""
    if said in POLICIES:
        return policy_table(KINDS, POLICIES[said])
    try:
        table = tomllib.loads(read_limited(Path(said), 64 * 1024, "policy").decode())
    except NotFound:
        raise InputRejected("INPUT.POLICY:name", said=said, policies=list(POLICIES)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRejected("INPUT.POLICY:toml", file=said, detail=str(error)) from None
    second = table.get("second")
    if set(table) != {"second"} or not isinstance(second, dict):
        raise InputRejected("INPUT.POLICY:form", file=said)
    for kind, whom in second.items():
        if kind not in KINDS or KINDS[kind].second in ("none", "always"):
            raise InputRejected("INPUT.POLICY:kind", file=said, kind=kind)
        if whom not in ("person", "money"):
            raise InputRejected("INPUT.POLICY:whom", file=said, kind=kind, said=whom, choices=["person", "money"])
    return [{"kind": kind, "second": whom} for kind, whom in sorted(second.items())]
