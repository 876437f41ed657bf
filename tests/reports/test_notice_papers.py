"""Papers of transcribed notices: what the notice states is printed, what it does not is never a zero, and no code stands on paper."""

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from ledger.commands import main as command_line
from ledger.intake.divisions import Divisions
from ledger.intake.notice import plan_notice
from ledger.kinds.draft import Draft
from reports import tree as papers_tree
from reports.allocation import plain_sentence
from reports.commands import draw_allocation, sums_of, sums_words
from reports.demo import Office
from reports.figures import _window
from reports.model import Allocation
from reports.rows import rows_csv

sys.path.insert(0, str(Path(__file__).parent.parent / "intake"))
from test_unseen_notices import TABLE

WAN = 1_000_000
BODIES = Divisions([(code, division.name) for code in ("990000", "999900", "999901", "999902", "999903", "999904", "999905", "999906", "999908")
                    if (division := TABLE.get(code))])  # fmt: skip


def _notice(id: str, place: str, year: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": id, "title": f"{place}{year}年衔接资金公告", "place": f"示例省示例市{place}" if place != "示例市" else "示例省示例市",
        "level": "city" if place == "示例市" else "county", "url": "https://example.invalid/a.html", "date": f"{year}-03-15", "unit": "万元",
        "total": None, "doc_nos": [], "complete": True, "sources": [], "lines": [], **fields,
    }  # fmt: skip


def _work(no: int, amount: str | None, **columns: Any) -> dict[str, Any]:
    return {"no": no, "name": f"第{no}段产业路硬化", "place": "柳湾村", "content": str(no), "amount": amount, **columns}


CENTRAL = {"name": "中央衔接资金", "level": "central", "amount": "60", "doc_no": "示财农〔2024〕2号"}
PROVINCE = {"name": "省级衔接资金", "level": "province", "amount": "40"}
NOTICES = {
    # sources with their amounts, projects without: nothing is arranged, as far as is known
    ("999901", 2024): _notice("blank", "示例县", 2024, complete=False, total="100", sources=[CENTRAL, PROVINCE], lines=[_work(1, None), _work(2, None)]),
    # an excerpt: some lines, no sources
    ("999902", 2024): _notice("part", "青溪县", 2024, complete=False, doc_nos=["示批(农)〔2024〕7、8号"],
                              lines=[_work(1, "30", extra={"settled": "28.5", "surplus_recovered": "1.5", "beneficiary": "1户1人"}), _work(2, "12.5")]),
    # whole, with what was paid, paper-level numbers, sources in remarks, a line our rules cannot sort
    ("999903", 2024): _notice("whole", "石桥区", 2024, total="100", doc_nos=["示财预[2024]148、149号"], notice_window=["2024-03-16", "2024-03-22"],
                              sources=[{**CENTRAL, "doc_no": None}, PROVINCE],
                              lines=[_work(1, "50", extra={"备注": "列支中央衔接资金", "已支付": "45.5"}), _work(2, "30", extra={"资金来源": "两级合计"}),
                                     {"no": 3, "name": "其余", "amount": "20", "extra": {"已支付": "约3"}}]),
    # a source without an amount, one of no level, one whose level is the transcription's word
    ("999904", 2024): _notice("source", "云岭市", 2024, sources=[{**CENTRAL, "amount": None}, {"name": "东西部扶贫协作资金", "level": "east_west", "amount": "15"},
                                                              {"name": "年中调剂", "level": "adjust", "amount": "5"}], lines=[_work(1, "20"), _work(2, "1,0")]),
    # a total and nothing else, beside a notice that is whole
    ("999905", 2024): _notice("total", "白水苗族侗族自治县", 2024, total="253.31"),
    # splits, payments and contradictions in the transcription's own words
    ("999908", 2024): _notice("words", "长坪县", 2024, total="130", sources=[CENTRAL, {**PROVINCE, "amount": "70"}],
                              lines=[_work(1, "50", extra={"central": "30", "province": "10", "beneficiary": "2户3人"}),
                                     _work(2, "40", category="central", extra={"settled": "41", "surplus_recovered": "2", "remark": "其中：以工代赈5"}),
                                     _work(3, "40", extra={"disbursed": "约3", "city": "40"})]),
    # a city that gives to counties
    ("999900", 2023): _notice("city", "示例市", 2023, total="100", sources=[{**PROVINCE, "amount": "100"}],
                              lines=[{"no": 1, "name": "南川", "place": "南川", "amount": "64"}, {"no": 2, "name": "长坪", "place": "长坪", "amount": "36"}]),
}  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], tuple[str, Allocation]]:
    """The text and the figures of each notice's paper, and of the county that the city gave to."""
    office = Office(tmp_path_factory.mktemp("papers"), "notices.db", "demo.example/unseen", "公开文件转录台账", "observe")
    whole = _notice("whole-2", "白水苗族侗族自治县", 2024, total="10", sources=[{**PROVINCE, "amount": "10"}], lines=[_work(1, "10")])
    for notice in [*NOTICES.values(), whole]:
        office.record("root", lambda state, notice=notice: plan_notice(notice, known=lambda code: state.get("authority", code) is not None, divisions=BODIES).drafts)
    found = {}
    for code, year in [*NOTICES, ("999906", 2023)]:
        office.state_books("root", code)
        with office.ledger.reading() as session:
            data, figures = draw_allocation(session, office.store, code, year)
        text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
        found[code, year] = re.sub(r"\s", "", text), figures
    return found


CODES = re.compile(r"[a-z]+_[a-z_]+|unsorted|adjust|central|province\b|settled|remark|disbursed|beneficiary|further|ours\b")


def test_no_code_and_no_word_of_the_transcription_stands_on_any_paper(papers: Any) -> None:
    for place, (text, figures) in papers.items():
        assert CODES.findall(text.replace("disclosure.json", "")) == [], place
        assert CODES.findall(rows_csv(figures).decode()) == [], place


def test_a14_what_is_not_known_is_never_a_zero_a_share_or_a_bar(papers: Any) -> None:
    """The same in the sentence, the cards, the tables, the code for phones, the command's answer and its JSON."""
    unknown = {("999901", 2024), ("999902", 2024), ("999904", 2024), ("999905", 2024), ("999906", 2023)}
    for place, (text, figures) in papers.items():
        assert (figures.unarranged_fen is None) == (place in unknown), place
        if place in unknown:
            assert "每100元" not in plain_sentence(figures)
            assert "安排0元" not in text
            assert not re.search(r"(?<![0-9.,])0(\.00)?元", text), place
            assert "钱从哪里来" not in text
            assert "未安排原文未载" in text


def test_a14_an_excerpt_without_amounts_has_a_known_source_and_nothing_else(papers: Any) -> None:
    text, figures = papers["999901", 2024]
    assert plain_sentence(figures) == (
        "据所转录的1份公开文件：示例县2024年收到资金100万元，安排的金额原文未载。有1份公告只转录了部分条目，未列明安排的金额不等于没有安排。"
    )
    assert "已安排原文未载" in text
    assert "合计原文未载原文未载" in text
    assert "“原文未载”指所转录的部分未载，不说明原文没有" in text
    assert "【说明】第1、2行：所转录的部分未载金额" in text
    assert sums_of(figures) == {"received_fen": 100 * WAN, "received_whole": True, "arranged_fen": None, "arranged_whole": False}
    assert sums_words(figures) == "收到 100 万元，已安排的金额原文未载"
    assert sums_words(figures, chinese=False) == "received 1,000,000.00 yuan, arranged: not stated"


def test_a14_lines_without_sources_make_no_total_of_sources(papers: Any) -> None:
    text, figures = papers["999902", 2024]
    assert plain_sentence(figures).startswith(
        "据所转录的1份公开文件：青溪县2024年收到资金的数额原文未载，已载明金额的2行共安排42.5万元，其余安排的金额原文未载。"
    )
    assert "已安排（已载明的2行）42.5万元" in text
    assert "已载明的2行合计42.5425,000.00" in text
    assert "合计原文未载已载明42.5" in text  # of sources and of lines, in the table of papers
    assert "公告所载文号：示批(农)〔2024〕7号、示批(农)〔2024〕8号。" in text


def test_n3_what_the_notice_states_anywhere_is_printed(papers: Any) -> None:
    """Numbers of the paper as a whole, a source in a remark, what was paid; who gains by name or number is not."""
    text, figures = papers["999903", 2024]
    assert "公告所载文号：示财预〔2024〕148号、示财预〔2024〕149号。" in text
    assert "原文未载：文号" not in text
    assert [(line.source_words, line.paid_fen, line.paid_printed) for line in figures.lines] == [
        ("", 45_500_000, ""),
        ("来源未载", None, ""),
        ("", None, "已支付 约3"),
    ]
    assert "备注：列支中央衔接资金" in text
    assert "已支付（已载明的1行）45.5万元" in text
    assert "公示期：2024-03-16至2024-03-22" in text
    part, _ = papers["999902", 2024]
    assert "结算28.5；收回结余1.5" in part
    assert "1户1人" not in part


def test_n4_words_of_the_transcription_are_said_in_chinese_or_left_out(papers: Any) -> None:
    text, _ = papers["999908", 2024]
    assert "【待说明】第1行（第1段产业路硬化）：分项之和与该行金额不符（原文：中央资金30；省级资金10）" in text
    assert "【说明】第2行（第2段产业路硬化）：完成或结算金额多于安排金额，同时列有结余（原文：结算41；收回结余2；多10,000.00元）" in text
    assert "【未能归类】第3行（第3段产业路硬化）：所载资金来源本台账未能与所列来源对应" in text
    assert "其中：以工代赈5" in text
    assert "2户3人" not in text


def test_n4_our_own_doubt_is_told_as_ours(papers: Any) -> None:
    text, _ = papers["999903", 2024]
    assert "【未能归类】第3行（其余）：本台账未能归类，照录不计入变动（原文：其余）" in text
    assert "【待说明】第2行（第2段产业路硬化）：原文未载所用资金来源" in text


def test_a14_a_source_without_an_amount_is_listed_and_leaves_the_total_open(papers: Any) -> None:
    text, figures = papers["999904", 2024]
    assert [(source.name, source.level_name, source.amount_fen) for source in figures.sources] == [
        ("东西部扶贫协作资金", "协作帮扶", 15 * WAN),
        ("年中调剂", "未载", 5 * WAN),
        ("中央衔接资金", "中央", None),
    ]
    assert "已载明的2项合计20200,000.00" in text
    assert "收到（已载明的2项）20万元" in text
    assert "1行的金额照录，本台账未能读作数字，未计入合计。" in text
    assert "【未能归类】第2行（第2段产业路硬化）：所载金额本台账未能读作数字，照录不计（原文：1,0）" in text
    assert "【待说明】第1项来源（中央衔接资金）：原文未载金额" in text


def test_n6_a_total_alone_is_said_on_paper_and_leaves_the_year_open(papers: Any) -> None:
    text, figures = papers["999905", 2024]
    assert "【待说明】原文只载合计，未载资金来源与明细（原文：253.31）" in text
    assert "收到（已载明的1项）10万元" in text
    assert figures.received_fen == 10 * WAN


def test_a14_a_county_that_a_citys_paper_gave_to_is_no_county_that_arranged_nothing(papers: Any) -> None:
    """Its paper is a transcription too, and says that only the giving was transcribed."""
    text, figures = papers["999906", 2023]
    assert figures.transcribed
    assert plain_sentence(figures) == "据所转录的1份公开文件：南川旗2023年收到资金64万元，安排的金额原文未载。上级公告只载明下达的资金，未转录本地方的安排。"
    assert "据公开文件转录·非官方文件" in text
    assert "公章）：" not in text
    assert "示例市2023年衔接资金公告2023-03-1564原文未载—" in text
    assert "本公告是上级的公告，只载明下达到本地方的资金" in text
    city, _ = papers["999900", 2023]
    assert "收到的资金已全部安排到项目或单位" in city


def test_d16_a_source_without_a_name_is_named_by_level_and_year(tmp_path: Path) -> None:
    """And by its quota, which is what a reader can ask for."""
    office = Office(tmp_path, "county.db", "demo.example/county", "示例县台账", "observe")
    day = office.ledger.today()
    received = {"holder": "999901", "amount": WAN, "year": 2025}
    office.record("root", [
        Draft("authority.register", "b", day, {"code": "999901", "name": "示例县", "level": "county"}),
        Draft("quota.receive", "q1", day, {**received, "quota": "Q1", "source_level": "province"}),
        Draft("quota.receive", "q2", day, {**received, "quota": "Q2", "source_level": "mixed"}),
        Draft("quota.receive", "q3", day, {**received, "quota": "Q3", "source_level": "none", "fund_nature": "donation"}),
    ])  # fmt: skip
    office.state_books("root", "999901")
    _, figures = office.paper("999901", 2025)
    assert [(source.name, source.level_name) for source in figures.sources] == [
        ("2025年省级资金，指标 Q1", "省级"),
        ("2025年多级资金，指标 Q2", "多级合计"),
        ("2025年资金，指标 Q3", "捐赠"),
    ]


def test_a21_a_name_that_promises_another_format_and_a_language_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path, "notices.db", "demo.example/notices", "台账", "observe")
    plan = plan_notice(NOTICES["999903", 2024], known=lambda code: False, divisions=BODIES)
    office.record("root", plan.drafts)
    office.state_books("root", "999903")

    def told(language: str, name: str) -> str:
        words = ["--lang", language, "--ledger", str(tmp_path / "notices.db"), "--keys", str(tmp_path / "keys-notices"),
                 "report", "allocation", "--book", "999903", "--year", "2024", "-o", str(tmp_path / name)]  # fmt: skip
        assert command_line.run([command_line.register, papers_tree.register], words) == 0
        return capsys.readouterr().out

    assert "公告.doc 的内容是 PDF，不是其他格式" in told("zh", "公告.doc")
    assert "的内容是 PDF" not in told("zh", "公告.PDF")
    english = told("en", "paper.pdf")
    assert "the paper is in Chinese, which prevails" in english
    assert "received 1,000,000.00 yuan, arranged 1,000,000.00 yuan" in english


def test_each_notice_has_its_own_time_to_object() -> None:
    """The period of one is not that of all; where none says, nothing is said for them."""
    one, two = {"window_from": "2026-01-27", "window_to": "2026-02-02"}, {}
    assert _window([one, two]) == "公告1 2026-01-27至2026-02-02；公告2 原文未载"
    assert _window([one]) == "公示期 2026-01-27至2026-02-02"
    assert _window([two, two]) is None
