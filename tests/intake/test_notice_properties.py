"""Whatever a notice holds, planning gives drafts the kinds take or InputRejected, and moves no more than is printed."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from notice_examples import nothing_known, published

from ledger.errors import InputRejected
from ledger.intake.notice import NoticePlan, plan_notice, read_notices
from ledger.intake.places import LEVELS
from ledger.kinds.codec import convert_event
from ledger.kinds.declare import KINDS
from ledger.kinds.text import event_fault, strings, text_fault

KEYS = [
    [
        "id",
        "title",
        "place",
        "level",
        "url",
        "date",
        "unit",
        "total",
        "doc_nos",
        "notice_window",
        "complete",
        "mirror_domain",
        "notes",
        "sources",
        "lines",
    ],
    ["name", "level", "doc_no", "amount", "derived"],
    [
        "no",
        "name",
        "place",
        "content",
        "amount",
        "unit_responsible",
        "category",
        "extra",
        "derived",
        "derived_extra",
    ],
]
WORDS = st.sampled_from(
    [
        "",
        " ",
        "河南省商丘市",
        "睢县",
        "城关镇",
        "水利局",
        "董村道路硬化项目",
        "合计",
        "省级",
        "central",
        "万元",
        "元",
        "2024",
        "2024-03",
        "产业发展",
        "管理费",
        "雨露计划",
        "豫财农(2024)1号",
        "x" * 30,
        "中央10+省级20",
        "新疆",
        "内蒙古",
        "县",
        "市",
    ]
)
AMOUNTS = st.one_of(
    st.decimals(0, 10**9, places=2).map(str),
    st.sampled_from(["0", "-1", "1,000", "9" * 30, "1.0000000", "0.000001"]),
)
SIMPLE = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), WORDS, AMOUNTS)
VALUES = st.recursive(
    SIMPLE,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A published notice with a few cells dropped, replaced or added."""
    notice = copy.deepcopy(draw(st.sampled_from(list(published().values()))))
    for _ in range(draw(st.integers(1, 5))):
        target = draw(st.sampled_from([notice, *_rows(notice, "sources"), *_rows(notice, "lines")]))
        keys = KEYS[0] if target is notice else KEYS[1] if "level" in target else KEYS[2]
        key = draw(st.sampled_from(keys) | st.text(max_size=6))
        if draw(st.booleans()):
            target[key] = draw(AMOUNTS if key in ("amount", "total") and draw(st.booleans()) else VALUES)
        else:
            target.pop(key, None)
    return notice


def _rows(notice: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = notice.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def refused(error: InputRejected) -> None:
    assert error.code in ("INPUT.JSON", "INPUT.NOTICE")
    assert error.problems
    for problem in error.problems:
        json.dumps(problem, ensure_ascii=False).encode()


def planned(notice: Any) -> NoticePlan | None:
    try:
        return plan_notice(notice, known=nothing_known)
    except InputRejected as error:
        return refused(error)


def check(plan: NoticePlan) -> None:
    """What holds for every plan."""
    assert len({draft.id for draft in plan.drafts}) == len(plan.drafts)
    moved = received = 0
    for draft in plan.drafts:
        assert event_fault(KINDS[draft.kind], convert_event(draft.kind, draft.data)) is None
        assert not any(text_fault(text) for text in strings(draft.data))
        assert len(draft.id) <= 64
        assert not draft.id.isdigit()
        moved += sum(leg["amount"] for leg in draft.data.get("legs", []))
        received += draft.data.get("amount", 0)
    assert moved <= plan.lines_fen
    assert received == plan.sources_fen
    registered = [draft.data for draft in plan.drafts if draft.kind == "authority.register"]
    levels = {data["code"]: LEVELS.index(data["level"]) for data in registered}
    for data in registered:
        if above := data.get("parent"):
            step = levels[data["code"]] - levels[above]
            assert step == 0 if data.get("type") == "department" else step > 0
    known = {data["code"] for data in registered}
    assert all(data.get("parent") in known | {None} for data in registered)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_a_changed_notice_is_planned_or_refused(notice: Any) -> None:
    plan = planned(notice)
    if plan:
        check(plan)
        assert plan == planned(copy.deepcopy(notice))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(mutated() | VALUES, max_size=3))
def test_a_file_is_read_or_refused_and_what_is_read_is_planned(notices: list[Any]) -> None:
    raw = json.dumps(notices).encode()
    try:
        found = read_notices(raw)
    except InputRejected as error:
        return refused(error)
    for notice in found:
        planned(notice)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_with_a_problem(raw: bytes) -> None:
    try:
        read_notices(raw)
    except InputRejected as error:
        refused(error)
