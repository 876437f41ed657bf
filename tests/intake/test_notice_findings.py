"""Every defect of a paper is a finding with its place: never a crash, never a silent repair."""

import json
from typing import Any

import pytest
from notice_examples import WAN, codes, legs, line, of_kind, paper, plan, small, sorts

from ledger.errors import InputRejected


def the(code: str, **changes: Any) -> dict[str, Any]:
    """The one finding of that code on a changed small notice."""
    found = [finding for finding in plan(small(**changes)).findings if finding["code"] == code]
    assert len(found) == 1, plan(small(**changes)).findings
    return found[0]


def project(amount: str | None, **columns: Any) -> dict[str, Any]:
    return line("城郊乡董村道路硬化", amount, **{"place": "城郊乡董村", **columns})


def test_a_sound_notice_has_no_findings() -> None:
    found = plan(small(lines=[project("60"), project("40", content="二期")]))
    assert found.findings == []
    assert "findings" not in paper(found)


def test_lines_that_do_not_add_up_are_a_defect() -> None:
    found = the("sum_differs", lines=[project("60"), project("30", content="二期")])
    assert found == {
        "code": "sum_differs",
        "level": "defect",
        "where": "lines",
        "printed": "100",
        "computed_fen": 90 * WAN,
    }


def test_an_excerpt_above_its_total_is_a_defect() -> None:
    assert the("sum_differs", complete=False, lines=[project("160")])["computed_fen"] == 160 * WAN
    assert "sum_differs" not in codes(plan(small(complete=False, lines=[project("60")])))


def test_sources_that_do_not_add_up_are_a_defect() -> None:
    found = the("sources_differ", total="130")
    assert (found["level"], found["where"], found["computed_fen"]) == ("defect", "sources", 100 * WAN)


@pytest.mark.parametrize(
    ("amounts", "total", "code"),
    [
        (("33", "33", "33"), "100.4", "within_rounding"),  # 1.4 is within 3 × 0.5
        (("33", "33", "33"), "100.6", "sum_differs"),
        (("33.3", "33.3", "33.3"), "100.04", "within_rounding"),  # 0.14 is within 3 × 0.05
        (("33", "33", "33"), "100", "sum_differs"),  # whole numbers add up exactly
        (("20", "20", "20", "20", "17"), "100", "sum_differs"),  # 3 short in five lines
        (("33.33", "33.33", "33.33"), "100", "sum_differs"),  # printed finer than the total: nothing says it was rounded
        (("460.55", "307.02"), "768", "sum_differs"),
        (("4.06",), "4.07", "sum_differs"),
    ],
)
def test_rounding_explains_a_gap_where_lines_are_printed_coarser_than_the_total(
    amounts: tuple[str, ...], total: str, code: str
) -> None:
    """Half a unit of the last printed digit for each line, and no more."""
    lines = [project(amount, content=str(no)) for no, amount in enumerate(amounts)]
    found = the(code, total=total, sources=[], lines=lines)
    assert found["level"] == ("rounding" if code == "within_rounding" else "defect")


@pytest.mark.parametrize(
    ("amounts", "total", "code"),
    [
        (("33.33", "33.33", "33.33"), "100", "within_rounding"),  # a third each, rounded to 0.01
        (("33.33", "33.33", "33.30"), "99.98", "sum_differs"),  # 0.02 is above 3 × 0.005
        (("33.33", "33.33", "33.30"), "99.97", "within_rounding"),
        (("460.55", "307.02"), "768", "within_rounding"),  # the total is rounded to 1
        (("460.55", "306.92"), "768", "sum_differs"),  # 0.53 is above half a unit of the total
        (("33", "33", "33"), "100", "within_rounding"),
        (("33", "33", "33"), "101", "sum_differs"),
    ],
)
@pytest.mark.parametrize("words", ["注：因四舍五入，分项之和与合计略有差异", "金额保留整数"])
def test_a_notice_that_says_it_rounds_is_believed_within_half_a_digit_a_term(
    words: str, amounts: tuple[str, ...], total: str, code: str
) -> None:
    lines = [project(amount, content=str(no)) for no, amount in enumerate(amounts)]
    found = the(code, total=total, sources=[], lines=lines, notes=words)
    assert found["level"] == ("rounding" if code == "within_rounding" else "defect")
    assert "within_rounding" not in codes(
        plan(small(total="100", sources=[], lines=[project("99.99")], notes="原文未四舍五入"))
    )


@pytest.mark.parametrize(
    "printed",
    [
        "10(其中,灾情因素6万元)",
        "-5",
        "1,200",
        "１２",
        "1e3",
        "NaN",
        "约20",
        "0.0000001",
        "9999999999999999",
        "+1",
        "1_0",
    ],
)
def test_an_unreadable_amount_moves_nothing_and_is_kept_as_printed(printed: str) -> None:
    found = plan(small(lines=[project(printed)]))
    row = paper(found)["lines"][0]
    assert (row["printed"], row["sort"], "amount_fen" in row) == (printed, "project", False)
    assert of_kind(found, "project.propose") == []
    assert the("amount_unreadable", lines=[project(printed)])["printed"] == printed


def test_a_total_that_cannot_be_read_is_told() -> None:
    assert the("total_blank", total=None)["where"] == "total"
    assert the("total_unreadable", total="约100")["printed"] == "约100"
    assert plan(small(total="约100")).declared_fen is None
    assert paper(plan(small(total="约100")))["declared_printed"] == "约100"


def test_without_a_total_lines_are_held_against_the_sources() -> None:
    assert (
        the("sum_differs", total=None, lines=[project("90")])["where"] == "lines: not the sum of the sources"
    )


def test_a_zero_moves_nothing() -> None:
    found = plan(small(lines=[project("0"), project("100", content="二期")]))
    assert [draft.id for draft in of_kind(found, "project.propose")] == ["notice/small/l2/propose"]
    assert the("amount_zero", lines=[project("0"), project("100", content="二期")])["printed"] == "0"
    zero = {"name": "省级", "level": "province", "amount": "0"}
    assert len(of_kind(plan(small(sources=[*small()["sources"], zero])), "quota.receive")) == 1


def test_a_blank_amount_proposes_the_project_and_keeps_other_lines() -> None:
    found = plan(small(lines=[project(None), line("城关镇", None)]))
    assert sorts(found) == {1: "project", 2: "township"}
    assert codes(found).count("amount_blank") == 2


def test_an_unknown_unit_leaves_all_on_the_paper() -> None:
    found = plan(small(unit="美元", lines=[project("60"), project(None), line("城关镇", "40")]))
    assert {draft.kind for draft in found.drafts} == {"authority.register", "paper.record"}
    assert [row.get("printed") for row in paper(found)["lines"]] == ["60", None, "40"]
    assert (found.sources_fen, found.lines_fen, found.declared_fen) == (0, 0, None)
    assert the("unit_unknown", unit="美元")["printed"] == "美元"


@pytest.mark.parametrize(
    ("unit", "amount"), [("元", 12_050), ("万元", 120_500_000), ("亿元", 1_205_000_000_000)]
)
def test_amounts_go_to_the_fen_in_the_notice_s_unit(unit: str, amount: int) -> None:
    assert plan(small(unit=unit, lines=[project("120.5")])).lines_fen == amount


@pytest.mark.parametrize(
    ("category", "extra", "expected"),
    [
        ("central", None, [("S1", 30 * WAN)]),
        ("省级资金", None, [("S2", 30 * WAN)]),
        (None, {"central": "10", "province": "20"}, [("S1", 10 * WAN), ("S2", 20 * WAN)]),
        (None, {"中央": "30", "省级": "0"}, [("S1", 30 * WAN)]),
        (None, "中央衔接10+省级衔接20", [("S1", 10 * WAN), ("S2", 20 * WAN)]),
        (None, {"central": "10", "city": "20"}, [("?notice/small/l1", 30 * WAN)]),
        ("市级", None, [("?notice/small/l1", 30 * WAN)]),
        (None, "衔接30", [("?notice/small/l1", 30 * WAN)]),
        (None, None, [("?notice/small/l1", 30 * WAN)]),
    ],
)
def test_a_line_takes_its_own_split(category: Any, extra: Any, expected: list[tuple[str, int]]) -> None:
    sources = [
        {"name": "中央衔接资金", "level": "central", "amount": "60"},
        {"name": "省级衔接资金", "level": "province", "amount": "40"},
    ]
    found = plan(small(sources=sources, lines=[project("30", category=category, extra=extra)]))
    assert legs(found, "l1") == expected
    told = {"source_unstated", "source_unmatched"} & set(codes(found))
    assert bool(told) == expected[0][0].startswith("?")
    # what names a level of no source is not told as a source that the paper does not state
    assert "source_unstated" not in told or not (category or (extra and "30" not in extra))


def test_a_split_that_does_not_add_up_is_not_used() -> None:
    lines = [project("100", extra={"central": "90"})]
    assert the("split_differs", lines=lines)["printed"] == "central=90"
    assert legs(plan(small(lines=lines)), "l1") == [("?notice/small/l1", 100 * WAN)]


def test_two_sources_of_one_level_do_not_answer_for_it() -> None:
    sources = [{"name": name, "level": "central", "amount": "50"} for name in ("甲", "乙")]
    found = plan(small(sources=sources, lines=[project("30", category="central")]))
    assert legs(found, "l1") == [("?notice/small/l1", 30 * WAN)]


def test_subtotals_are_left_out_of_the_sum() -> None:
    found = plan(
        small(lines=[project("60"), line("小计", "60"), project("40", content="二期"), line("合 计", "100")])
    )
    assert found.lines_fen == 100 * WAN
    assert codes(found) == ["subtotal_line", "subtotal_line"]


def test_what_the_rules_cannot_sort_stays_on_the_paper() -> None:
    assert the("unsorted", lines=[line("其余", "100")])["printed"] == "其余"
    assert paper(plan(small(lines=[line("其余", "100")])))["lines"][0]["amount_fen"] == 100 * WAN


def test_equal_lines_are_told_and_both_kept() -> None:
    found = plan(small(lines=[project("50"), project("50")]))
    assert len(of_kind(found, "project.fund")) == 2
    assert the("duplicate_line", lines=[project("50"), project("50")])["where"].endswith("the same as line 1")


def test_unknown_levels_and_fields_are_kept() -> None:
    assert the("level_unknown", level="地级")["printed"] == "地级"
    source = {"name": "某资金", "level": "国际", "amount": "100"}
    assert the("level_unknown", sources=[source])["printed"] == "国际"
    (received,) = of_kind(plan(small(sources=[source])), "quota.receive")
    assert received.data["source_level"] == "none"
    assert json.loads(the("field_unknown", hotline="12317")["printed"]) == {"hotline": "12317"}


def test_a_level_that_is_not_the_place_s_is_told() -> None:
    lines = [line("睢阳区", "100")]
    assert the("level_differs", place="河南省商丘市", lines=lines)["where"] == "level: the place is a city"
    assert sorts(plan(small(place="河南省商丘市", lines=lines))) == {1: "release"}
    assert sorts(plan(small(level="city", lines=lines))) == {1: "unsorted"}


def test_columns_without_a_field_are_kept_as_information() -> None:
    found = the("further_columns", lines=[line("城关镇", "100", category="产业", extra={"户数": "74"})])
    assert (found["level"], found["printed"]) == ("information", "category=产业; 户数=74")


def test_dates_keep_their_precision() -> None:
    def dated(date: str) -> tuple[str, str | None, str]:
        draft = next(draft for draft in plan(small(date=date)).drafts if draft.kind == "paper.record")
        return draft.occurred_on, draft.data.get("date_precision"), draft.data["date"]

    assert dated("2024-03-15") == ("2024-03-15", None, "2024-03-15")
    assert dated("2024-03") == ("2024-03-01", "month", "2024-03")
    assert dated("2023") == ("2023-01-01", "year", "2023")
    assert dated("三月") == ("2024-01-01", "year", "2024")


def test_a_date_that_cannot_be_read_gives_way_to_the_title_or_is_refused() -> None:
    assert the("date_unreadable", date="2024-02-30")["printed"] == "2024-02-30"
    with pytest.raises(InputRejected) as caught:
        plan(small(date="三月", title="资金安排"))
    assert caught.value.code == "INPUT.NOTICE"
    assert caught.value.problems[0]["field"] == "date"


def test_a_window_that_ends_before_it_begins_is_told() -> None:
    found = the("window_reversed", notice_window=["2024-03-09", "2024-03-01"])
    assert found["printed"] == "2024-03-09 – 2024-03-01"
    assert the("date_unreadable", notice_window=["三月", "2024-03-01"])["where"] == "notice_window"


def test_an_id_that_fits_no_entry_id_becomes_a_hash() -> None:
    found = plan(small(id="公告/2024 第1号"))
    assert found.id.startswith("n-")
    assert len(found.id) == 10
    assert all(len(draft.id) <= 64 for draft in found.drafts)


def test_what_is_larger_than_an_entry_is_refused() -> None:
    lines = [line("其余" + "甲" * 900, "1") for _ in range(200)]
    with pytest.raises(InputRejected, match="at most 240,000 fit"):
        plan(small(lines=lines))
    with pytest.raises(InputRejected, match="more than a ledger can hold"):
        plan(small(unit="元", lines=[project("90071992547409"), project("90071992547409")]))


def test_a_long_paper_counts_what_it_does_not_list() -> None:
    sources = [{"name": name, "level": "central", "amount": "50"} for name in ("甲", "乙")]
    lines = [project("0.01", content=f"第{no}段", extra=f"备注{no}" * 10) for no in range(1500)]
    found = plan(small(sources=sources, lines=lines, complete=False))
    assert codes(found).count("source_unstated") == 1500
    listed = [
        finding["where"] for finding in paper(found)["findings"] if finding["code"] == "source_unstated"
    ]
    assert len(listed) == 21
    assert listed[-1] == "1480 more, not listed one by one"
