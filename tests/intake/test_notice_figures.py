"""The published notices against figures typed by hand from their pages, in 万元."""

from decimal import Decimal

import pytest
from notice_examples import WAN, codes, legs, of_kind, paper, plan, published, sorts

from ledger.intake.notice import plan_notice
from ledger.kinds.codec import convert_event
from ledger.kinds.declare import KINDS
from ledger.kinds.text import event_fault, strings, text_fault

# id: sum of the sources, sum of the lines, declared total; "-" where the page prints none
FIGURES = {
    "ln-kazuo-2025": ("959", "0", "959"),
    "ln-zhangwu-2024": ("600", "600", "600"),
    "ln-minzu-2016": ("10208", "0", "10208"),
    "ha-shangqiu-2019": ("5000", "5000", "5000"),
    "ha-shangqiu-2020w": ("1227", "1227", "1227"),
    "ha-zhengzhou-2018": ("32831", "0", "32831"),
    "nx-wltqq-2026": ("4140", "4140", "4140"),
    "nx-wltqq-2026b": ("210", "210", "210"),
    "fj-xianyou-2018": ("671", "500", "671"),
    "ha-yanshi-2022": ("768.1", "155", "768.1"),
    "hn-beita-2020": ("408", "408", "408"),
    "hn-liling-2019": ("1200", "1200", "1200"),
    "qh-zeku-2023": ("1259", "1259", "1259"),
    "sc-dachuan-2024": ("10782", "10782", "10782"),
    "ha-jia-2022": ("0", "11612.29", "11612.29"),
    "ha-jia-2022lin": ("55", "55", "55"),
    "ha-jia-2023": ("15.457", "15.457", "15.457"),
    "hlj-mishan-2025": ("0", "214.98", "-"),
    "fj-dehua-2020": ("12", "12", "12"),
    "hn-louxing-2017": ("0", "72.8", "195.2"),
    "ha-fengqiu-2018": ("2101.905898", "0", "2101.905898"),
    "ha-xiangcheng-2019": ("10549", "0", "10549"),
    "ha-mengzhou-2018": ("2947.76", "0", "2947.76"),
    "ha-beiguan-2018": ("113.5", "113.5", "113.5"),
    "ha-xxgxq-2018": ("241.3", "241.3", "241.3"),
    "gs-maiji-2021": ("53043.61", "53043.61", "53043.61"),
    "zj-jingning-2022": ("0", "0", "253.31"),
    "zj-jingning-2023": ("310", "310", "310"),
    "yn-mouding-2022": ("2576", "0", "2576"),
    "ah-jinzhai-2025": ("23513", "14343.83", "23513"),
    "ha-fengquan-2022": ("187", "187", "187"),
    "fj-mingxi-2019": ("2600", "0", "2600"),
    "xj-tekesi-2018": ("4283", "0", "4283"),
    "cq-fengdu-2024": ("320", "0", "320"),
    "nx-spt-2017": ("788.72", "788.72", "788.72"),
}
# id: holder's code
HOLDERS = {
    "ln-kazuo-2025": "211324",
    "ln-minzu-2016": "210000",
    "ha-shangqiu-2019": "411400",
    "nx-wltqq-2026": "150823",
    "ha-yanshi-2022": "410307",
    "qh-zeku-2023": "632323",
    "hn-liling-2019": "430281",
    "zj-jingning-2022": "331127",
    "yn-mouding-2022": "532323",
    "xj-tekesi-2018": "654027",
    "cq-fengdu-2024": "500230",
    "nx-spt-2017": "640502",
}
# what becomes of the lines: a letter each. r release, p project, c category, f fee, h household
SORTS = {
    "ln-kazuo-2025": "ppppppppp",
    "ln-zhangwu-2024": "pppppp",
    "ha-shangqiu-2019": "rrrrrrrrr",
    "ha-shangqiu-2020w": "rrr",
    "nx-wltqq-2026": "rrrrrrrrrrr",
    "nx-wltqq-2026b": "rrr",
    "fj-xianyou-2018": "rrrrrrrrrrrrr",
    "ha-yanshi-2022": "ppp",
    "hn-beita-2020": "ppppppppppppppph",
    "hn-liling-2019": "pppph",
    "qh-zeku-2023": "pppppf",
    "sc-dachuan-2024": "ccccccfcccccf",
    "ha-jia-2022": "cccccc",
    "ha-jia-2022lin": "pp",
    "ha-jia-2023": "p",
    "hlj-mishan-2025": "ppp",
    "fj-dehua-2020": "ppp",
    "hn-louxing-2017": "ppppppp",
    "ha-beiguan-2018": "ppp",
    "ha-xxgxq-2018": "p",
    "gs-maiji-2021": "cc",
    "zj-jingning-2023": "c",
    "ah-jinzhai-2025": "ccccccc",
    "ha-fengquan-2022": "pp",
    "nx-spt-2017": "p",
}
LETTERS = {"r": "release", "p": "project", "c": "category", "f": "fee", "h": "household"}


def fen(wan: str) -> int | None:
    return None if wan == "-" else int(Decimal(wan) * WAN)


def test_the_table_names_every_published_notice() -> None:
    assert set(FIGURES) == set(published())
    assert {id for id, notice in published().items() if notice["lines"]} == set(SORTS)


@pytest.mark.parametrize("id", FIGURES)
def test_sums_are_those_of_the_page(id: str) -> None:
    found = plan(published()[id])
    assert (found.sources_fen, found.lines_fen, found.declared_fen) == tuple(map(fen, FIGURES[id]))
    received = sum(draft.data["amount"] for draft in of_kind(found, "quota.receive"))
    assert received == fen(FIGURES[id][0])


@pytest.mark.parametrize("id", SORTS)
def test_lines_are_sorted_as_a_reader_would(id: str) -> None:
    assert [sorts(plan(published()[id]))[no] for no in range(1, len(SORTS[id]) + 1)] == [
        LETTERS[letter] for letter in SORTS[id]
    ]


@pytest.mark.parametrize("id", HOLDERS)
def test_the_paper_belongs_to_the_place_it_names(id: str) -> None:
    assert paper(plan(published()[id]))["holder"] == HOLDERS[id]


@pytest.mark.parametrize("id", FIGURES)
def test_drafts_are_what_the_kinds_take(id: str) -> None:
    drafts = plan(published()[id]).drafts
    assert len({draft.id for draft in drafts}) == len(drafts)
    for draft in drafts:
        event = convert_event(draft.kind, draft.data)
        assert event_fault(KINDS[draft.kind], event) is None
        assert [text_fault(text) for text in strings(draft.data) if text_fault(text)] == []


@pytest.mark.parametrize("id", FIGURES)
def test_no_published_notice_has_sums_that_differ(id: str) -> None:
    """The pages add up, once categories and fees are counted and excerpts are known as such."""
    wrong = {
        "sum_differs",
        "sources_differ",
        "within_rounding",
        "amount_unreadable",
        "unsorted",
        "duplicate_line",
    }
    assert not wrong & set(codes(plan(published()[id])))


def test_a_city_releases_to_its_counties() -> None:
    """商丘 2019: nine counties, 示范区 without a code of its own."""
    found = plan(published()["ha-shangqiu-2019"])
    releases = {
        draft.data["to"]: draft.data["legs"][0]["amount"] for draft in of_kind(found, "quota.release")
    }
    assert releases == {
        "411402": 280 * WAN,
        "411403": 280 * WAN,
        "411400-xeb42670a": 75 * WAN,
        "411425": 800 * WAN,
        "411421": 815 * WAN,
        "411422": 732 * WAN,
        "411423": 545 * WAN,
        "411424": 753 * WAN,
        "411426": 720 * WAN,
    }
    assert {draft.data["from"] for draft in of_kind(found, "quota.release")} == {"411400"}
    assert [f["printed"] for f in found.findings if f["code"] == "code_unknown"] == ["示范区"]
    assert legs(found, "l4") == [("S1", 800 * WAN)]


def test_a_split_printed_as_text_names_the_sources() -> None:
    """乌拉特前旗 2026: 水利局 868 = 开发式帮扶428 + 安全饮水440; the townships' sources are not stated."""
    found = plan(published()["nx-wltqq-2026"])
    assert legs(found, "l11") == [("S1", 428 * WAN), ("S2", 440 * WAN)]
    assert legs(found, "l1") == [("?notice/nx-wltqq-2026/l1", 1330 * WAN)]
    assert codes(found).count("source_unstated") == 10
    bureau = next(d for d in of_kind(found, "authority.register") if d.data["name"] == "水利局")
    assert (bureau.data["type"], bureau.data["level"], bureau.data["parent"]) == (
        "department",
        "county",
        "150823",
    )
    assert (paper(found)["window_from"], paper(found)["window_to"]) == ("2026-01-27", "2026-02-02")


def test_a_line_equal_to_all_sources_takes_them_all() -> None:
    """郏县 2023: 15.457 = 9.747 + 5.71; 新乡高新区 2018: 241.3 = 125.5 + 91.2 + 24.6."""
    assert legs(plan(published()["ha-jia-2023"]), "l1") == [("S1", 9_747_000), ("S2", 5_710_000)]
    found = plan(published()["ha-xxgxq-2018"])
    assert legs(found, "l1") == [("S1", 125_500_000), ("S2", 91_200_000), ("S3", 24_600_000)]
    assert paper(found)["holder"].startswith("410700-x")


def test_lines_with_unstated_sources_come_from_suspense() -> None:
    """北关 2018: 20 + 20 + 73.5 from 47 and 66.5 without saying which."""
    found = plan(published()["ha-beiguan-2018"])
    assert [legs(found, f"l{no}") for no in (1, 2, 3)] == [
        [("?notice/ha-beiguan-2018/l1", 20 * WAN)],
        [("?notice/ha-beiguan-2018/l2", 20 * WAN)],
        [("?notice/ha-beiguan-2018/l3", 73_500_000)],
    ]
    assert codes(found).count("source_unstated") == 3


def test_a_derived_source_is_marked_and_counted_apart() -> None:
    """彰武 2024: 180 and 300 are printed, 120 was worked out."""
    found = plan(published()["ln-zhangwu-2024"])
    received = {
        d.data["quota"]: (d.data["amount"], d.data.get("derived")) for d in of_kind(found, "quota.receive")
    }
    assert received == {
        "ln-zhangwu-2024.S1": (180 * WAN, None),
        "ln-zhangwu-2024.S2": (300 * WAN, None),
        "ln-zhangwu-2024.S3": (120 * WAN, True),
    }
    (derived,) = [f for f in found.findings if f["code"] == "derived_source"]
    assert (derived["computed_fen"], derived["level"]) == (120 * WAN, "information")
    assert "mirror_source" in codes(found)


def test_projects_without_amounts_are_proposed_and_get_no_money() -> None:
    """喀左 2025: nine projects, their amounts after the end of the excerpt; townships by their codes."""
    found = plan(published()["ln-kazuo-2025"])
    assert len(of_kind(found, "project.propose")) == 9
    assert of_kind(found, "project.fund") == []
    assert codes(found).count("amount_blank") == 9
    townships = [draft.data.get("township") for draft in of_kind(found, "project.propose")]
    assert townships[:4] == ["211324214", "211324115", "211324210", "211324109"]
    first, second = of_kind(found, "quota.receive")
    assert (first.data["notice_type"], first.data["document_number"]) == ("advance", "喀财指农〔2025〕419号")
    assert "notice_type" not in second.data
    assert (first.occurred_on, first.data["date_precision"], first.data["year"]) == (
        "2025-11-01",
        "month",
        2025,
    )


def test_fees_and_categories_stay_on_the_paper() -> None:
    """达川 2024: no line moves, yet the lines add up to the fen; 泽库 2023: only the fee of 14 stays."""
    found = plan(published()["sc-dachuan-2024"])
    assert of_kind(found, "quota.release") + of_kind(found, "project.propose") == []
    assert [row["amount_fen"] for row in paper(found)["lines"]][:2] == [2_993_700_000, 1_050_000_000]
    zeku = plan(published()["qh-zeku-2023"])
    assert [(row["no"], row["sort"], row["amount_fen"]) for row in paper(zeku)["lines"]] == [
        (6, "fee", 14 * WAN)
    ]
    assert sum(leg["amount"] for d in of_kind(zeku, "project.fund") for leg in d.data["legs"]) == 1245 * WAN


def test_sources_without_numbers_or_with_one_number_are_quotas_of_their_own() -> None:
    """郑州 2018: seven sources, 833 in two years; 特克斯 2018: two sources under one number."""
    found = plan(published()["ha-zhengzhou-2018"])
    assert [d.data["amount"] // WAN for d in of_kind(found, "quota.receive")] == [
        24,
        1903,
        106,
        150,
        798,
        2850,
        27000,
    ]
    assert "郑财预〔2016〕833号" in next(
        f["where"] for f in found.findings if f["code"] == "document_year_differs"
    )
    shared = of_kind(plan(published()["xj-tekesi-2018"]), "quota.receive")
    assert [(d.data["quota"], d.data["document_number"]) for d in shared] == [
        ("xj-tekesi-2018.S1", "伊州财农〔2017〕167号"),
        ("xj-tekesi-2018.S2", "伊州财农〔2017〕167号"),
    ]
    assert shared[0].data["document_number_printed"] == "伊州财农[2017]167号"


def test_levels_and_natures_are_those_the_words_state() -> None:
    """封丘 2018 and 明溪 2019."""
    found = of_kind(plan(published()["ha-fengqiu-2018"]), "quota.receive")
    assert [(d.data["source_level"], d.data.get("fund_nature"), d.data["amount"]) for d in found] == [
        ("none", "bond", 2_069_985_898),
        ("province", None, 24_444_082),
        ("mixed", None, 1_800_000),
        ("county", "surplus", 5_675_918),
    ]
    found = of_kind(plan(published()["fj-mingxi-2019"]), "quota.receive")
    assert [d.data.get("fund_nature") for d in found] == ["cooperation", None]


def test_an_excerpt_may_hold_less_than_its_total() -> None:
    """仙游 2018: 500 of 671 are in the excerpt."""
    found = plan(published()["fj-xianyou-2018"])
    (excerpt,) = [f for f in found.findings if f["code"] == "incomplete"]
    assert (excerpt["level"], excerpt["computed_fen"], excerpt["printed"]) == (
        "information",
        500 * WAN,
        "671",
    )


def test_a_second_plan_is_the_same_and_registers_only_what_is_missing() -> None:
    notice = published()["ha-shangqiu-2019"]
    assert plan(notice) == plan(notice)
    bodies = {d.data["code"] for d in of_kind(plan(notice), "authority.register")}
    assert of_kind(plan_notice(notice, known=bodies.__contains__), "authority.register") == []
    only = plan_notice(notice, known=lambda code: code != "411422")
    assert [d.id for d in of_kind(only, "authority.register")] == ["authority/411422"]
