"""The allocation announcement from the ledger to the PDF: its figures, its place in history, its refusals."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from ledger.commands import main as command_line
from ledger.disclosure.shape import BookClaim, read
from ledger.kinds.draft import Draft
from reports import demo_county as county
from reports import tree as papers
from reports.commands import draw_allocation
from reports.demo import Office, play, record_county, record_notices

WAN = 1_000_000


def _silent(line: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The bundled notices in an observing ledger."""
    return record_notices(tmp_path_factory.mktemp("notices"), _silent)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The invented county's year, its books stated."""
    office = record_county(tmp_path_factory.mktemp("county"), _silent)
    office.state_books("sun", county.COUNTY)
    return office


def _figures(office: Office, code: str, of: int) -> tuple[bytes, Any]:
    with office.ledger.reading() as session:
        return draw_allocation(session, office.store, code, of)


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def test_the_year_of_the_invented_county_is_what_its_steps_add_up_to(year: Office) -> None:
    """Figures typed from the year's own table, not from our sums."""
    _, figures = _figures(year, "999901", 2025)
    assert figures.received_fen == 1_200_500_000  # 860 + 240 + 100.5 万元
    assert figures.arranged_fen == 960_750_000  # 320 + 210.25 + 160 + 180 + 60.5 + 30 万元
    assert figures.unarranged_fen == 239_750_000
    assert figures.paid_fen == 516_800_000  # 96 + 60 + 45.5 + 150 + 90 + 30 + 45 + 0.3 万元
    assert figures.reserved_fen == 0
    assert [(line.name, line.amount_fen) for line in figures.lines] == [
        ("示例镇示例村产业路硬化项目", 320 * WAN),
        ("示例镇农村饮水安全巩固提升工程", 370_250_000),
        ("示例村日光温室建设项目", 240_500_000),
        ("示例镇", 30 * WAN),
    ]
    assert figures.invented
    assert not figures.transcribed


def test_the_paper_says_what_it_is_and_whom_to_call(year: Office) -> None:
    """Invented data is marked, no telephone is made up, the register is no account book."""
    data, _ = _figures(year, "999901", 2025)
    text = _text(data)
    assert "示例数据·非真实" in text
    assert "管理台账，不是会计账簿，不替代预算管理一体化系统" in text
    assert "本台账未登记监督电话" in text
    assert "12317" not in text
    assert "示省财农〔2025〕6号" in text


def test_the_paper_carries_the_evidence_and_the_rows(year: Office) -> None:
    """The disclosure of the books the paper is about, and the rows as CSV; not the whole ledger."""
    data, figures = _figures(year, "999901", 2025)
    attached = pypdf.PdfReader(BytesIO(data)).attachments
    assert sorted(attached) == ["disclosure.json", "rows.csv"]
    assert attached["rows.csv"][0].startswith(b"\xef\xbb\xbf")
    disclosure = read(attached["disclosure.json"][0])
    assert disclosure.checkpoint == figures.head.note
    assert disclosure.book == BookClaim(code="999901", year=2025, streams=["money", "open"])
    assert not [name for _, name, _, _ in county.OFFICERS if name in attached["disclosure.json"][0].decode()]


def test_b55_the_same_head_gives_the_same_bytes_and_later_entries_change_nothing(tmp_path: Path) -> None:
    """Drawn twice, and again after more was recorded but no new state of the books."""
    office = record_county(tmp_path, _silent)
    office.state_books("sun", "999901")
    first, _ = _figures(office, "999901", 2025)
    assert _figures(office, "999901", 2025)[0] == first
    play(office, county.AFTER_BOOKS)
    assert _figures(office, "999901", 2025)[0] == first
    office.state_books("sun", "999901")
    again, figures = _figures(office, "999901", 2025)
    assert again != first
    assert figures.paid_fen == 516_800_000 + 20 * WAN


@pytest.mark.parametrize(
    ("code", "of", "received", "arranged", "from_nowhere"),
    [
        ("430281", 2019, "1200", "1200", "0"),  # 醴陵市: 660 + 251 + 39 + 120 + 130
        ("632323", 2023, "1259", "1259", "0"),  # 泽库县: 500 + 230 + 208 + 140 + 167 + 14
        ("410503", 2018, "113.5", "113.5", "0"),  # 北关区: 47 + 66.5; 20 + 20 + 73.5
        ("150823", 2026, "4350", "4350", "0"),  # 乌拉特前旗: two notices, 4140 + 210
        ("430511", 2020, "408", "408", "0"),  # 北塔区: 160 + 236 + 12
        ("410425", 2022, "55", "11667.29", "11612.29"),  # 郏县: a plan of 11612.29 without sources, and 55
        ("430381", 2017, "0", "0", "0"),
    ],
)
def test_published_notices_come_out_as_printed(
    notices: Office, code: str, of: int, received: str, arranged: str, from_nowhere: str
) -> None:
    """Totals typed from the published tables, in 万元; a place and year without a notice has nothing to publish."""
    from ledger.errors import LedgerError
    from ledger.money import scaled

    if received == arranged == "0":
        with pytest.raises(LedgerError):
            _figures(notices, code, of)
        return
    notices.state_books("root", code)
    _, figures = _figures(notices, code, of)
    assert figures.received_fen == scaled(received, WAN)
    assert figures.arranged_fen == scaled(arranged, WAN)
    assert figures.from_suspense_fen == scaled(from_nowhere, WAN)
    assert figures.transcribed


def test_a_transcription_says_so_and_shows_its_own_gaps(notices: Office) -> None:
    """据公开文件转录, the address, and the gap beside the lines it touches."""
    notices.state_books("root", "410503")
    data, _ = _figures(notices, "410503", 2018)
    text = _text(data)
    assert "据公开文件转录·非官方文件" in text
    assert "原公告未载监督电话" in text
    assert "原文未载所用资金来源" in text


def _cli(folder: Path, *words: str) -> int:
    return command_line.run(
        [command_line.register, papers.register],
        ["--ledger", str(folder / "notices.db"), "--keys", str(folder / "keys-notices"), *words],
    )


def test_a_mirror_notice_is_refused_and_a_place_never_stated_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 6 each, no file written; an unknown body is 5, a verified report is 0."""
    office = record_notices(tmp_path, _silent)
    paper = tmp_path / "a.pdf"

    def report(code: str, of: str) -> int:
        return _cli(tmp_path, "report", "allocation", "--book", code, "--year", of, "-o", str(paper))

    assert report("430281", "2019") == 6
    assert "book state" in capsys.readouterr().err
    office.state_books("root", "210922")
    assert report("210922", "2024") == 6
    assert "REFUSED.MIRROR" in capsys.readouterr().err
    assert report("888888", "2024") == 5
    assert not paper.exists()
    office.state_books("root", "430281")
    capsys.readouterr()
    assert (
        _cli(
            tmp_path, "report", "allocation", "--book", "430281", "--year", "2019", "-o", str(paper), "--json"
        )
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["received_fen"] == 1200 * WAN
    assert answer["verified"] is True
    assert paper.read_bytes().startswith(b"%PDF-")


def test_a_report_refuses_a_ledger_that_does_not_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 10 and no file; with --even-if-unverified a banner."""
    import sqlite3

    office = record_notices(tmp_path, _silent)
    office.state_books("root", "430281")
    office.ledger.close()
    with sqlite3.connect(tmp_path / "notices.db") as connection:
        connection.execute("UPDATE balances SET n = n + 1 WHERE account = '430281:available'")
    paper = tmp_path / "a.pdf"
    words = ["report", "allocation", "--book", "430281", "--year", "2019", "-o", str(paper)]
    assert _cli(tmp_path, *words) == 10
    assert not paper.exists()
    capsys.readouterr()
    assert _cli(tmp_path, *words, "--even-if-unverified") == 0
    assert "警告" in capsys.readouterr().out + capsys.readouterr().err


def test_what_a_release_gave_a_township_is_received_there(year: Office) -> None:
    """The township's own paper shows the county's release as its source."""
    year.record("root", [Draft("book.state", "t1", year.ledger.today(), {"book": "999901001/money", "count": 2, "totals": [
        {"account": "999901001:available", "n": 30 * WAN, "unit": "CNY"}]})])  # fmt: skip
    _, figures = _figures(year, "999901001", 2025)
    assert figures.received_fen == 30 * WAN
    assert figures.arranged_fen == 0
    assert figures.unarranged_fen == 30 * WAN
