"""Two judges of one history: the product's replay and the stand-alone verifier; what must be equal of their verdicts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ledger.errors import IntegrityFailed
from ledger.verify.evidence import Evidence
from ledger.verify.findings import Findings
from ledger.verify.meaning import Meaning
from tests.verifier.forge import NOW, Forge, Row, pack
from verifier import verify as v


@dataclass
class Judged:
    """Broken evidence, or what the meaning of whole evidence is; `why` is for people."""

    broken: bool
    void: dict[int, bool] = field(default_factory=dict)  # seq: acknowledged
    ahead: dict[int, bool] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)
    suspect: dict[int, bool] = field(default_factory=dict)  # seq: settled
    balances: dict[Any, int] = field(default_factory=dict)
    books: dict[str, int] = field(default_factory=dict)
    ledger_keys: list[tuple[int, str]] = field(default_factory=list)
    recovered: set[tuple[int, str]] = field(default_factory=set)
    why: Any = field(default=None, compare=False)


def by_product(rows: list[Row], seals: list[tuple[Any, ...]], now: str = NOW) -> Judged:
    """What the product's two halves say of rows."""
    findings = Findings()
    try:
        origin = json.loads(rows[0][2])["origin"]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        return Judged(True, why=error)
    evidence = Evidence(origin, seals, findings, set())
    meaning = Meaning(origin, lambda seq: rows[seq][1:] if seq < len(rows) else None, findings, now)
    try:
        for row in rows:
            taken = evidence.take(row, clean=False)
            if taken:
                meaning.take(*taken)
        evidence.finish()
        meaning.finish()
    except IntegrityFailed as error:
        return Judged(True, why=error)
    why = [(p["code"], p.get("seq"), p["message"]) for p in findings.in_order()]
    if any(code.startswith(("INV-01", "INV-02", "INV-03", "INV-04", "INV-08")) for code, _, _ in why):
        return Judged(True, why=why)
    return by_meaning(meaning, why)


def by_meaning(meaning: Meaning, why: Any) -> Judged:
    """The verdict of a replay that ended."""
    state = meaning.state
    ahead = {int(key): found.acknowledged for key, found in state.objects("ahead")}
    return Judged(
        broken=False,
        void={int(key): found.acknowledged for key, found in state.objects("void")},
        ahead=ahead,
        late=set(meaning._late) - set(ahead),
        suspect={int(key): found.by >= 0 for key, found in state.objects("suspect")},
        balances=dict(state.balances()),
        books={key: found.count for key, found in state.objects("book")},
        ledger_keys=list(state.get("ledger_keys", "").keys),
        recovered={(found.size, found.root) for _, found in state.objects("recovery") if found.by >= 0},
        why=why,
    )


def is_sound(result: v.Result) -> bool:
    """Whether the verifier finds nothing but, at most, that nothing was brought, and that it reads no pages."""
    return result.verdict == "ok" or (not result.problems and {p.code for p in result.doubts} <= {"NO_TRUST", "PAGES"})


def by_verifier(result: v.Result) -> Judged:
    """What the verifier says."""
    assert not any("Error)" in p.words for p in result.problems), result.problems  # an accident of its own is no verdict
    if result.verdict in ("failed", "unreadable"):
        assert result.problems
        return Judged(True, why=result.problems)
    replay = result.replay
    assert replay is not None
    named = {p.seq for p in result.problems}
    found = Judged(
        broken=False,
        void={seq: fact["acknowledged"] for seq, fact in replay.all("void")},
        ahead={seq: fact["acknowledged"] for seq, fact in replay.all("ahead")},
        late=set(replay.late),
        suspect={seq: fact["by"] >= 0 for seq, fact in replay.all("suspect")},
        balances=replay.balances(),
        books=dict(replay.all("book")),
        ledger_keys=[(size, v.b64(public)) for size, public in replay.get("ledger_keys", "")],
        recovered={head for head, fact in replay.all("recovery") if fact["by"] >= 0},
        why=[*result.problems, *result.doubts],
    )
    open_ones = {seq for seqs in (found.void, found.ahead) for seq, done in seqs.items() if not done} | found.late
    assert named == open_ones
    doubtful = any(not settled for settled in found.suspect.values()) or any(p.code == "SEALED" for p in result.doubts)
    assert result.verdict == "findings" if open_ones else is_sound(result) != doubtful
    return found


def judged(forge: Forge, now: str = NOW) -> tuple[Judged, Judged]:
    """Both verdicts on a forge; the checkpoint is by the key in force."""
    return by_product(forge.rows, forge.seals, now), by_verifier(v.check_bundle(bundle_of(forge), v.Trust(now=now)))


def bundle_of(forge: Forge) -> bytes:
    """The bundle of a forge, as far as its rows are text."""
    return pack(forge.rows, forge.seals, forge.note())


def must_agree(forge: Forge, what: str, now: str = NOW) -> Judged:
    """Both judges say the same; returns it."""
    product, verifier = judged(forge, now)
    assert product == verifier, f"{what}\n" + "\n".join(differences(product, verifier))
    return product


def differences(product: Judged, verifier: Judged) -> list[str]:
    """What two verdicts differ in, and why each says so."""
    names = [name for name in vars(product) if name != "why" and getattr(product, name) != getattr(verifier, name)]
    told = [f"{name}: product {getattr(product, name)}, verifier {getattr(verifier, name)}" for name in names]
    return [*told, f"product because {product.why}", f"verifier because {verifier.why}"]
