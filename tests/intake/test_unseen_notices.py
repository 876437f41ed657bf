"""Notices nobody has seen, of an invented city with invented counties: each recorded to the fen, with the right body and level.

Every notice sets another trap of real tables. What must come out is typed from the notice by hand.
"""

from typing import Any, NamedTuple

import pytest
from notice_examples import WAN, nothing_known, of_kind, paper

from ledger.intake.divisions import Divisions
from ledger.intake.notice import NoticePlan, plan_notice
from ledger.intake.places import Places

TABLE = Divisions(
    [
        ("990000", "示例省"),
        ("999900", "示例市"),
        ("999901", "示例县"),
        ("999902", "青溪县"),
        ("999903", "石桥区"),
        ("999904", "云岭市"),
        ("999905", "白水苗族侗族自治县"),
        ("999906", "南川旗"),
        ("999907", "新河区"),
        ("999908", "长坪县"),
        ("999800", "又例市"),
        ("999801", "长坪区"),
        ("999802", "东山县"),
    ],
    [("999921", "旧河县", 2019, "999907"), ("999922", "东山县", 2016, "999802")],
)
# Entries about how the paper was read, not about its figures.
QUIET = {"line_remark", "line_paid", "line_amount", "further_columns", "name_abbreviated", "line_number_differs"}


class Move(NamedTuple):
    """What a line became: release or project, to which body of which level (a project: its county), 万元 by source."""

    kind: str
    body: str
    level: str
    legs: tuple[tuple[str, float], ...]


def notice(**fields: Any) -> dict[str, Any]:
    return {
        "id": "t",
        "title": "示例市2024年衔接资金分配表",
        "place": "示例省示例市",
        "level": "city",
        "url": "https://example.invalid/a.html",
        "date": "2024-03-15",
        "unit": "万元",
        "total": None,
        "doc_nos": [],
        "complete": True,
        "sources": [{"name": "省级衔接资金", "level": "province", "amount": "100"}],
        "lines": [],
        **fields,
    }


def rows(*cells: tuple[str, str | None], **columns: Any) -> list[dict[str, Any]]:
    """Lines as a transcriber types a table of two columns: the name stands in `place` too."""
    return [{"no": no, "name": name, "place": name, "amount": amount, **columns} for no, (name, amount) in enumerate(cells, 1)]


def planned(**fields: Any) -> NoticePlan:
    return plan_notice(notice(**fields), known=nothing_known, divisions=TABLE)


def moves(plan: NoticePlan) -> dict[int, Move]:
    levels = {d.data["code"]: (d.data["name"], d.data["level"]) for d in of_kind(plan, "authority.register")}
    found = {}
    for draft in of_kind(plan, "quota.release") + of_kind(plan, "project.fund"):
        legs = tuple(
            ("?" if leg["quota"].startswith("?") else leg["quota"].removeprefix(f"{plan.id}."), leg["amount"] / WAN)
            for leg in draft.data["legs"]
        )
        if draft.kind == "quota.release":
            name, level = levels[draft.data["to"]]
            body = draft.data["to"] if "-x" not in draft.data["to"] else name
            found[draft.data["line"]] = Move("release", body, level, legs)
        else:
            (proposed,) = (d for d in of_kind(plan, "project.propose") if d.data["project"] == draft.data["project"])
            found[draft.data["line"]] = Move("project", proposed.data["county"], levels[proposed.data["county"]][1], legs)
    return found


def told(plan: NoticePlan) -> set[tuple[str, str]]:
    return {(f["level"], f["code"]) for f in plan.findings if f["code"] not in QUIET}


def release(body: str, amount: float, level: str = "county", source: str = "S1") -> Move:
    return Move("release", body, level, ((source, amount),))


def test_n1_a_column_of_counties_leaves_out_what_sort_they_are() -> None:
    """青溪, 石桥, 白水, 南川, 云岭 are divisions; 长坪 is one of this city, though the next city has one too."""
    plan = planned(
        total="100",
        lines=rows(("青溪", "31.5"), ("石桥", "8"), ("示例县", "20"), ("白水", "15.25"), ("南川", "10"), ("长坪", "5.25"), ("云岭（省直管）", "10")),
    )
    assert moves(plan) == {
        1: release("999902", 31.5),
        2: release("999903", 8),
        3: release("999901", 20),
        4: release("999905", 15.25),
        5: release("999906", 10),
        6: release("999908", 5.25),
        7: release("999904", 10),
    }
    assert told(plan) == set()
    assert plan.lines_fen == 100 * WAN


def test_n1_what_stays_unclear_in_such_a_column_moves_nothing_and_is_ours() -> None:
    """示例 may be the city itself or its county; 市直 and 其他两地 are no division at all."""
    plan = planned(total="100", lines=rows(("青溪县", "40"), ("石桥区", "30"), ("南川旗", "5"), ("云岭市", "5"), ("示例", "10"), ("市直", "4"), ("其他两地", "6")))
    assert set(moves(plan)) == {1, 2, 3, 4}
    assert of_kind(plan, "project.propose") == []
    assert told(plan) == {("ours", "unsorted")}
    unsorted = [f["where"] for f in plan.findings if f["code"] == "unsorted"]
    assert unsorted == ["line 5 (示例)", "line 6 (市直)", "line 7 (其他两地)"]
    assert [(row["no"], row["amount_fen"]) for row in paper(plan)["lines"]] == [(5, 10 * WAN), (6, 4 * WAN), (7, 6 * WAN)]
    assert plan.lines_fen == 100 * WAN


def test_n1_farms_and_committees_beside_counties_are_agencies_and_no_projects() -> None:
    """A forest farm, a stock farm and a zone's committee hold money as units and departments of the city."""
    plan = planned(
        total="100",
        lines=rows(("青溪县", "50"), ("石桥区", "20"), ("白水苗族侗族自治县", "10"), ("国营大坪林场", "8"), ("红旗农场", "5"), ("高新区管委会", "4"), ("青溪县财政局", "3")),
    )
    assert moves(plan) == {
        1: release("999902", 50),
        2: release("999903", 20),
        3: release("999905", 10),
        4: release("国营大坪林场", 8, "city"),
        5: release("红旗农场", 5, "city"),
        6: release("高新区管委会", 4, "city"),
        7: release("青溪县财政局", 3, "county"),
    }
    assert of_kind(plan, "project.propose") == []
    types = {d.data["name"]: (d.data.get("type"), d.data.get("parent")) for d in of_kind(plan, "authority.register")}
    assert types["国营大坪林场"] == ("unit", "999900")
    assert types["高新区管委会"] == ("department", "999900")
    assert types["青溪县财政局"] == ("department", "999902")


def test_n1_a_purpose_beside_each_county_makes_it_no_project_of_the_city() -> None:
    plan = planned(total="70", sources=[{"name": "省级衔接资金", "level": "province", "amount": "70"}],
                   lines=[{"no": 1, "name": "青溪", "content": "产业发展", "amount": "40"}, {"no": 2, "name": "石桥区", "content": "乡村建设", "amount": "30"}])  # fmt: skip
    assert moves(plan) == {1: release("999902", 40), 2: release("999903", 30)}
    columns = [f["printed"] for f in plan.findings if f["code"] == "further_columns"]
    assert columns == ["content=产业发展", "content=乡村建设"]


def test_n1_a_list_of_projects_is_not_taken_for_divisions() -> None:
    """One county among works stays a county; the works stay projects; a bare name without a work is nothing."""
    plan = planned(
        total="100",
        lines=[
            {"no": 1, "name": "青溪县", "amount": "10"},
            {"no": 2, "name": "柳湾村灌溉渠道", "place": "石桥区柳湾村", "amount": "40"},
            {"no": 3, "name": "产业路硬化工程", "place": "云岭市", "amount": "30"},
            {"no": 4, "name": "南川", "place": "南川", "amount": "20"},
        ],
    )
    assert {no: move.kind for no, move in moves(plan).items()} == {1: "release", 2: "project", 3: "project"}
    assert told(plan) == {("ours", "unsorted")}


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("示财(农)指〔2024〕17号", ["示财(农)指〔2024〕17号"]),
        ("示政办（农）发﹝2023﹞6 号", ["示政办（农）发〔2023〕6号"]),
        ("示财预[2018]148、149、250号", ["示财预〔2018〕148号", "示财预〔2018〕149号", "示财预〔2018〕250号"]),
        ("示财农〔2021〕3号、4号和5号", ["示财农〔2021〕3号", "示财农〔2021〕4号", "示财农〔2021〕5号"]),
        ("示财【综】（2022）第8号", ["示财【综】〔2022〕8号"]),
    ],
)
def test_n2_each_number_stands_for_itself_and_the_printed_form_is_whole(printed: str, numbers: list[str]) -> None:
    plan = planned(doc_nos=[printed], sources=[{"name": "省级衔接资金", "level": "province", "amount": "100", "doc_no": printed}])
    assert paper(plan)["document_numbers"] == [{"printed": printed, "number": number} for number in numbers]
    (received,) = of_kind(plan, "quota.receive")
    assert received.data["document_number"] == "、".join(numbers)
    assert received.data.get("document_number_printed", received.data["document_number"]) == printed
    assert "document_number_unusual" not in {f["code"] for f in plan.findings}


def county(**fields: Any) -> NoticePlan:
    """A notice of 青溪县 with two sources."""
    sources = [
        {"name": "中央衔接资金", "level": "中央", "amount": "60", "doc_no": "示财农〔2024〕2号"},
        {"name": "县本级财政安排", "level": "县级", "amount": "40"},
    ]
    return planned(**{"place": "示例省示例市青溪县", "level": "county", "sources": sources, "total": "100", **fields})


def works(*columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Projects of 50 each, with further columns."""
    return [{"no": no, "name": f"第{no}段产业路硬化", "place": "柳湾村", "content": str(no), "amount": "50", **extra} for no, extra in enumerate(columns, 1)]


def project(*legs: tuple[str, float]) -> Move:
    return Move("project", "999902", "county", legs)


@pytest.mark.parametrize(
    ("columns", "legs", "code"),
    [
        ({"extra": {"备注": "列支中央衔接资金"}}, (("S1", 50),), ""),
        ({"extra": {"资金来源": "县级财政资金"}}, (("S2", 50),), ""),
        ({"extra": {"指标文号": "示财农〔2024〕2号"}}, (("S1", 50),), ""),
        ({"extra": {"备注": "其中：中央资金30万元，县级20"}}, (("S1", 30), ("S2", 20)), ""),
        ({"extra": {"中央衔接资金": "12.5", "县级": "37.5"}}, (("S1", 12.5), ("S2", 37.5)), ""),
        ({"extra": "县本级"}, (("S2", 50),), ""),
        ({"extra": {"备注": "中央资金和县级资金"}}, (("?", 50),), "source_unmatched"),
        ({"extra": {"备注": "使用市级财政资金"}}, (("?", 50),), "source_unmatched"),
        ({"extra": {"中央": "30", "县级": "10"}}, (("?", 50),), "split_differs"),
        ({"name": "中央衔接资金产业路硬化"}, (("S1", 50),), ""),
        ({"name": "产业路硬化（县级）"}, (("S2", 50),), ""),
        ({"content": "硬化2公里，争取中央资金及县级配套"}, (("?", 50),), "source_unmatched"),
        ({"extra": {"备注": "以工代赈"}}, (("?", 50),), "source_unstated"),
        ({}, (("?", 50),), "source_unstated"),
    ],
)
def test_n3_the_source_is_read_from_the_line_or_its_remark(columns: dict[str, Any], legs: Any, code: str) -> None:
    """Only where the line names none is it told as not stated."""
    plan = county(lines=works(columns), total="50")
    assert moves(plan)[1] == project(*legs)
    assert {c for _, c in told(plan)} - {"sources_differ"} == {code} - {""}


def test_n3_what_was_paid_is_read_from_a_further_column() -> None:
    """In the notice's unit, in the heading's own, or in a remark; what cannot be read is kept as stated."""
    plan = county(lines=works({"extra": {"已支付": "45.5"}}, {"extra": {"已拨付（元）": "123456.78"}},
                              {"extra": {"备注": "已支付10万元"}}, {"extra": {"累计支出": "约20"}}), total="200")  # fmt: skip
    paid = [(f["printed"], f.get("computed_fen")) for f in plan.findings if f["code"] == "line_paid"]
    assert paid == [("已支付 45.5", 45_500_000), ("已拨付（元） 123456.78", 12_345_678), ("备注 已支付10万元", 10 * WAN), ("累计支出 约20", None)]


def test_n4_no_doubt_of_ours_is_a_defect_of_the_paper() -> None:
    """What our rules cannot sort, read, match or find is ours; only an amount that is nowhere stated is the paper's."""
    plan = planned(
        total="60",
        sources=[{"name": "定点帮扶款", "level": "central_unit", "amount": "60"}],
        lines=rows(("青溪县", "10"), ("石桥区", "1,0"), ("河东示范区", "20"), ("剩余部分", "15"), ("南川旗", None)),
    )
    assert told(plan) == {
        ("ours", "level_unknown"),
        ("ours", "amount_unreadable"),
        ("ours", "code_unknown"),
        ("ours", "unsorted"),
        ("defect", "amount_blank"),
        ("information", "sum_undecided"),
    }


def test_n5_whole_numbers_add_up_exactly() -> None:
    """Six lines of whole 万元, 30,000 元 short."""
    lines = rows(("青溪县", "20"), ("石桥区", "20"), ("南川旗", "20"), ("云岭市", "20"), ("长坪县", "10"), ("新河区", "7"))
    assert told(planned(total="100", lines=lines)) == {("defect", "sum_differs")}
    assert told(planned(total="100", lines=lines, notes="原表注：分项四舍五入取整")) == {("rounding", "within_rounding")}
    assert told(planned(total="97.0", sources=[], lines=lines)) == {("defect", "source_unstated")}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([("青溪县", "60"), ("石桥区", "40"), ("合计", "100")], ""),
        ([("合 计", "100"), ("青溪县", "60"), ("石桥区", "40")], ""),
        ([("青溪县", "60"), ("石桥区", "40"), ("合计", "103")], "subtotal_differs"),
        ([("青溪县", "60"), ("小计", "60"), ("石桥区", "40"), ("小计", "40"), ("合计", "100")], ""),
        ([("小计", "60"), ("青溪县", "60"), ("小计", "40"), ("石桥区", "40"), ("总计", "100")], ""),
        ([("青溪县", "60"), ("小计", "59"), ("石桥区", "40"), ("合计", "100")], "subtotal_differs"),
        ([("青溪县", "60"), ("小计", "60"), ("石桥区", "40"), ("合计", "40")], "subtotal_differs"),
    ],
)
def test_n6_a_sum_row_that_differs_from_its_lines_is_a_defect(cells: Any, code: str) -> None:
    plan = planned(total="100", lines=rows(*cells))
    assert told(plan) - {("information", "subtotal_line")} == ({("defect", code)} if code else set())
    assert plan.lines_fen == 100 * WAN


def test_n6_a_total_alone_is_said() -> None:
    plan = planned(total="253.31", sources=[], lines=[])
    assert told(plan) == {("defect", "nothing_listed")}
    assert told(planned(total="253.31", sources=[], lines=[], complete=False)) == {("information", "incomplete")}


@pytest.mark.parametrize(
    ("name", "level"),
    [("东西部扶贫协作资金", "other"), ("2024年东西部协作帮扶资金", "none"), ("闽例扶贫协作资金", "east_west"), ("鹭岛区对口帮扶", "counterpart"), ("帮扶款", "east_west")],
)
def test_n6_money_from_the_east_is_cooperation(name: str, level: str) -> None:
    """And a word of the transcription, like east_west or adjust, is no defect of the paper."""
    plan = planned(total="100", sources=[{"name": name, "level": level, "amount": "100"}], lines=[])
    (received,) = of_kind(plan, "quota.receive")
    assert (received.data["fund_nature"], received.data["source_level"]) == ("cooperation", "none")
    assert told(plan) == set()
    assert told(planned(total="100", sources=[{"name": "年中调整", "level": "adjust", "amount": "100"}])) == set()


@pytest.mark.parametrize(
    ("year", "name", "code"),
    [
        (2018, "旧河县", "999921"),
        (2019, "旧河县", "999921"),
        (2018, "旧河", "999921"),
        (2022, "新河区", "999907"),
        (2018, "东山县", ""),  # still of the other city then? no: its old code was of this city up to 2016
        (2015, "东山县", "999922"),
    ],
)
def test_n6_a_county_that_is_no_more_stands_under_the_code_of_its_year(year: int, name: str, code: str) -> None:
    lines = rows(("青溪县", "60"), (name, "40"))
    plan = planned(title=f"示例市{year}年资金", date=f"{year}-05-01", total="100", lines=lines)
    to = moves(plan)[2].body
    assert to == (code or name)
    if code:
        assert told(plan) == set()


def test_n6_a_county_of_an_earlier_year_may_be_the_notice_s_own_place() -> None:
    """偃师市 2018 is 410381, 偃师区 2022 is 410307; 许昌县 was told up to 2016."""
    from ledger.intake.divisions import bundled_divisions

    table = bundled_divisions()
    for place, year, code in (("河南省洛阳市偃师市", 2018, "410381"), ("河南省洛阳市偃师区", 2022, "410307"), ("河南省许昌市许昌县", 2016, "411023"),
                              ("重庆市武隆县", 2014, "500232"), ("山东省莱芜市莱城区", 2017, "371202"), ("湖北省十堰市郧县", 2013, "420321"), ("吉林省四平市公主岭市", 2018, "220381")):  # fmt: skip
        places = Places(table, year)
        assert places.holder(place, "county").code == code
        assert places.findings == []


def test_n6_every_former_county_has_one_code_that_is_used_no_more() -> None:
    from ledger.intake.divisions import bundled_divisions

    table = bundled_divisions()
    former = [(f.division, f) for parent in table._former.values() for f in parent]
    assert len(former) == 224
    for division, f in former:
        successor = table.get(f.now)
        assert successor is not None
        assert successor.code[:2] == division.code[:2]
        assert 2011 <= f.until <= 2021
        assert division not in table.children(division.parent)
        assert division in table.children(division.parent, f.until - 1)
        assert division not in table.children(division.parent, f.until + 1)


@pytest.mark.parametrize(
    ("extra", "codes"),
    [
        ({"审定金额": "40", "已支付": "41.5"}, {"paid_above_settled"}),
        ({"结算价": "48", "实际支付": "50.5"}, {"paid_above_settled", "paid_above_arranged"}),
        ({"完成投资": "52", "结余资金": "1.2"}, {"surplus_beside_excess"}),
        ({"settled": "51", "surplus_recovered": "2"}, {"surplus_beside_excess"}),
        ({"完成投资": "52"}, set()),
        ({"审定金额": "40", "已支付": "40", "结余": "10"}, set()),
        ({"完成投资": "52", "结余资金": "0"}, set()),
    ],
)
def test_n8_amounts_that_contradict_each_other_are_information(extra: dict[str, str], codes: set[str]) -> None:
    plan = planned(place="示例省示例市青溪县", level="county", total="50", lines=works({"extra": extra}),
                   sources=[{"name": "省级衔接资金", "level": "province", "amount": "50"}])  # fmt: skip
    assert told(plan) == {("information", code) for code in codes}


@pytest.mark.parametrize(
    ("window", "fields", "late"),
    [
        (["2024-03-01", "2024-03-07"], {"date": "2024-03-15"}, True),
        (["2024-03-01", "2024-03-15"], {"date": "2024-03-15"}, False),
        (["2024-03-01", "2024-03-07"], {"date": "2024-04"}, True),
        (["2024-03-01", "2024-03-07"], {"date": "2024-03"}, False),
        (["2024-03-01", "2024-03-07"], {"date": "2024-03-01", "url": "https://example.invalid/202403/t20240309_7.html"}, True),
        (["2024-03-01", "2024-03-09"], {"date": "2024-03-01", "url": "https://example.invalid/202403/t20240309_7.html"}, False),
        (["2024-03-01", "2024-03-07"], {"date": "2024-03-01", "url": "https://example.invalid/content/82024030999.html"}, False),
    ],
)
def test_n8_a_paper_posted_after_its_window_is_told(window: list[str], fields: dict[str, str], late: bool) -> None:
    plan = planned(notice_window=window, total="100", lines=rows(("青溪县", "100")), **fields)
    assert told(plan) == ({("information", "posted_late")} if late else set())


@pytest.mark.parametrize(
    ("place", "level", "columns", "legs", "code"),
    [
        ("青溪县", "province", {"category": "中央资金"}, (("?", 50),), "source_level_differs"),
        ("青溪县", "province", {"extra": {"备注": "使用市级财政资金"}}, (("?", 50),), "source_level_differs"),
        ("青溪县", "province", {"extra": {"省级": "30", "中央": "20"}}, (("?", 50),), "source_level_differs"),
        ("青溪县", "province", {"extra": {"备注": "省级财政资金"}}, (("S1", 50),), ""),
        ("青溪县", "central_province", {"extra": {"备注": "省级财政资金"}}, (("S1", 50),), ""),
        ("云岭市", "county", {"extra": {"资金来源": "市级财政资金"}}, (("S1", 50),), ""),  # a county called a city
        ("青溪县", "province", {"extra": {"备注": "社区配套资金"}}, (("S1", 50),), ""),
    ],
)
def test_n8_a_line_of_another_level_than_the_only_source_is_told(place: str, level: str, columns: dict[str, Any], legs: Any, code: str) -> None:
    """And takes nothing from it."""
    plan = planned(place=f"示例省示例市{place}", level="county", total="50", lines=works(columns),
                   sources=[{"name": "衔接补助", "level": level, "amount": "50"}])  # fmt: skip
    assert moves(plan)[1].legs == legs
    assert told(plan) == ({("information", code)} if code else set())
