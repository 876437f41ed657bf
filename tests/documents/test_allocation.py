"""The announcement as its readers find it."""

import re
from dataclasses import replace

import pytest
from paper_examples import WAN, allocation, example_county, transcribed
from paper_reader import pages_of, reader, text_of

from ledger.money import MAX_FEN, wan_yuan, yuan
from reports.allocation import STATEMENT, draw, plain_sentence
from reports.block import INK, QUIET, WARM
from reports.model import Finding, Line, Notice, Source


@pytest.fixture(scope="module")
def own():
    return example_county(40)


@pytest.fixture(scope="module")
def own_text(own):
    return text_of(draw(own, b"{}"))


@pytest.fixture(scope="module")
def transcribed_text():
    return text_of(draw(transcribed(), b"{}"))


def test_every_source_and_line_stands_with_its_exact_amount(own, own_text):
    for source in own.sources:
        assert f"{wan_yuan(source.amount_fen)}{yuan(source.amount_fen)}" in own_text
        assert all(number in own_text for number in source.document_numbers)
    for line in own.lines:
        assert f"{wan_yuan(line.amount_fen)}{yuan(line.amount_fen)}" in own_text


def test_totals_stand_in_both_tables(own, own_text):
    assert f"合计{wan_yuan(own.received_fen)}{yuan(own.received_fen)}" in own_text
    assert f"合计（所列各项相加）{wan_yuan(own.arranged_fen)}{yuan(own.arranged_fen)}" in own_text


def test_each_page_says_what_this_is_not_and_which_page_it_is(own):
    pages = pages_of(draw(own, b"{}"))
    for number, page in enumerate(pages, 1):
        assert STATEMENT in page
        assert f"第{number}页共{len(pages)}页" in page
        assert "示例数据·非真实" in page
        assert "检查点1,842条" in page


def test_marks_stand_on_every_page_of_a_transcription():
    for page in pages_of(draw(transcribed(), b"{}")):
        assert "据公开文件转录·非官方文件" in page


def test_a_countys_own_real_records_carry_no_mark(own):
    text = text_of(draw(replace(own, invented=False), b"{}"))
    assert "非官方文件" not in text
    assert "非真实" not in text


def test_the_checkpoint_its_limits_and_the_way_to_check_are_printed(own, own_text):
    assert own.head.root in own_text
    assert own.head.ledger_id in own_text
    assert "不能证明条目内容属实或所有事项均已登记" in own_text
    assert "附件disclosure.json含本公告账册的全部条目及其证明" in own_text
    assert "用sunledgercheck文件--trust信任依据核验" in own_text
    assert "不取自本文件" in own_text


def test_f22_the_range_the_opening_balance_and_what_was_taken_back_are_printed(own, own_text):
    """Whole books from position 0 to the checkpoint, what earlier years left, what stands in no figure."""
    assert "账册资金账（999901/money）共412条、公开账（999901/open）共130条，全部在附件中" in own_text
    assert "以前年度指标在本机构尚未安排的余额123.45元，不计入上列金额" in own_text
    assert "其中2条已红字冲销，不计入金额" in own_text
    assert "其中3条已作废，不计入金额" in own_text
    assert "检查点之后的登记不在本件之内" in own_text
    none = replace(own, range=replace(own.range, taken_back=0, void=0))
    assert "冲销" not in text_of(draw(none, b"{}"))
    assert "作废" not in text_of(draw(none, b"{}"))


@pytest.mark.parametrize(("figures", "words"), [
    (example_county(3), "监督电话：0999-0000000"),
    (replace(example_county(3), phone=None), "本台账未登记监督电话"),
    (transcribed(), "原公告未载监督电话"),
], ids=["own", "own without", "transcribed"])
def test_the_telephone_is_the_countys_or_said_to_be_missing(figures, words):
    text = text_of(draw(figures, b"{}"))
    assert words in text
    assert "12317" not in text


def test_room_for_the_seal_is_left_on_official_paper_alone(own_text, transcribed_text):
    assert "发布单位（公章）：" in own_text
    assert "以盖章件为准" in own_text
    assert "公章）：" not in transcribed_text
    assert "不加盖公章，以原发布机关公开的文本为准" in transcribed_text


def test_each_notice_is_a_section_with_its_address_date_and_window(transcribed_text):
    for number, notice in enumerate(transcribed().notices, 1):
        section = transcribed_text.partition(f"公告{number}{notice.title}")[2]
        assert section.startswith(f"原文地址：{notice.url or '原文未载'}发布日期：{notice.date}公示期：")
    assert "公示期：2025-03-18至2025-03-27" in transcribed_text
    titles = [item.title for item in reader(draw(transcribed(), b"{}")).outline]
    assert [title.partition("　")[0] for title in titles] == ["转录的公告（3 份）", "公告 1", "公告 2", "公告 3", "怎么看、怎么核验、怎么反映"]


def test_what_a_paper_declares_stands_beside_the_sum_with_the_difference(transcribed_text):
    assert "合计（所列各项相加）984.89,848,000.00原文合计9809,800,000.00差额（原文合计减所列各项）-4.8-48,000.00" in transcribed_text


def test_findings_stand_directly_beneath_the_table_they_touch(transcribed_text):
    assert re.search(r"-48,000\.00(原文未载：\S+?。)?【待说明】原文合计与所列各项之和不一致（原文：980；按所列各项计算：9,848,000\.00元）",
                     transcribed_text)
    assert re.search(r"15,500,000\.00【说明】省级资金由合计减中央资金得出", transcribed_text)
    assert "NOTICE" not in transcribed_text


def test_a_derived_source_is_printed_apart(transcribed_text):
    assert "原文载明小计1,20012,000,000.00省级资金（据合计推出，原文未载）" in transcribed_text


def test_blank_amounts_are_said_to_be_missing_and_not_counted(transcribed_text):
    assert "1上坪村暖棚建设原文未载原文未载" in transcribed_text
    assert "3行原文未载金额，未计入合计" in transcribed_text
    assert "合计原文未载原文未载" in transcribed_text
    assert "原文未载：地点、责任单位。" in transcribed_text


def test_an_excerpt_is_said_to_be_one(transcribed_text):
    assert "本公告只转录了部分条目" in transcribed_text
    assert "未列明安排的金额不等于没有安排" in transcribed_text


def test_money_without_a_stated_source_is_named_so(transcribed_text):
    assert "其中4.8万元来源未载" in transcribed_text
    assert "来源未载；原表未列入合计" in transcribed_text


def test_a_transcription_that_says_nothing_of_payment_prints_no_zero(transcribed_text):
    assert "已支付原文未载" in transcribed_text


@pytest.mark.parametrize(("received", "arranged", "words"), [
    (1000, 786, "每100元里78.6元已安排到项目或单位。"),
    (1000, 1000, "收到的资金已全部安排到项目或单位。"),
    (0, 300, "未登记收到资金，已安排300万元。其中300万元来源未载。"),
    (0, 0, "未登记收到资金，已安排0元。"),
    (100, -5, "收到资金100万元，已安排-5万元。"),
])
def test_the_first_sentence_reads_for_every_state_of_the_money(received, arranged, words):
    sources = [Source("中央资金", "central", (), received * WAN, "", "q", 1)] if received else []
    lines = [Line(1, "路", "", "", "project", arranged * WAN)] if arranged else []
    figures = allocation(sources, lines)
    assert words in plain_sentence(figures)
    assert words in text_of(draw(figures, b"{}"))


@pytest.mark.parametrize("paid", [0, 1, MAX_FEN])
def test_the_largest_amounts_are_printed_whole(paid):
    sources = [Source("中央资金", "central", (), MAX_FEN, "", "q", 1), Source("冲回", "central", (), -1, "", "q", 2)]
    text = text_of(draw(allocation(sources, [Line(1, "路", "", "", "project", MAX_FEN - 2)], paid_fen=paid), b"{}"))
    assert f"路{wan_yuan(MAX_FEN - 2)}{yuan(MAX_FEN - 2)}" in text
    assert f"冲回中央{wan_yuan(-1)}{yuan(-1)}" in text


def test_an_empty_year_is_a_paper_too():
    text = text_of(draw(allocation((), ()), b"{}"))
    assert "本台账未登记资金来源。" in text
    assert "本台账未登记资金安排。" in text


@pytest.mark.parametrize("figures", [example_county(5), transcribed()], ids=["own", "transcribed"])
def test_an_english_page_follows_the_whole_chinese_paper(figures):
    chinese, english = pages_of(draw(figures, b"{}")), pages_of(draw(figures, b"{}", lang="en"))
    assert len(english) == len(chinese) + 1
    assert f"Received{yuan(figures.received_fen)}" in english[-1]
    assert "Itcannotshowthatwhatwasenteredistrue" in english[-1]
    assert figures.head.root in english[-1]


def test_a_table_without_any_document_number_has_no_column_for_them():
    source = Source("县级资金", "county", (), 100, "", "q", 1)
    text = text_of(draw(allocation([source], ()), b"{}"))
    assert "来源级次金额（万元）精确（元）" in text
    assert "本台账未登记：文号。" in text


MARKUP = '<img src="file:///etc/hostname"/><b>粗</b><font color="red">&lt;a href="x"&amp;</para>'


def marked_up():
    source = Source(MARKUP, "central", (MARKUP,), 100, MARKUP, MARKUP, 1)
    line = Line(1, MARKUP, MARKUP, MARKUP, "paper", 100, remark=MARKUP)
    finding = Finding(MARKUP, "defect", MARKUP, MARKUP, MARKUP, 100)
    notice = Notice(MARKUP, MARKUP, MARKUP, 100, True, (source,), (line,), (finding,), (MARKUP, MARKUP))
    base = allocation([source], [line], notices=(notice,), transcribed=True, findings=(finding,))
    return replace(base, place=MARKUP, ledger_name=MARKUP, book=MARKUP, phone=MARKUP, objection=MARKUP,
                   head=replace(base.head, origin=MARKUP, ledger_id=MARKUP))


def test_b50_markup_is_printed_literally():
    text = text_of(draw(marked_up(), b"{}"))
    # Title, about (2), sentence, overview, finding (3), heading, address, date, window (2), source (3), line (4),
    # finding (3), checkpoint (2), telephone, objection; cells cut it over lines, which text_of joins.
    assert text.count("</para>") >= 20
    assert text.count('<imgsrc="file:///etc/hostname"/>') >= 12


def test_b50_markup_opens_no_file_and_no_socket(monkeypatch):
    import sys
    seen = []
    sys.addaudithook(lambda event, args: seen.append((event, str(args[0]))) if event in ("open", "socket.connect") else None)
    draw(marked_up(), b"{}")
    assert not [item for item in seen if "hostname" in item[1] or item[0] == "socket.connect"]


@pytest.mark.parametrize("text", ["W" * 5_000, "长" * 3_000, "一\n" * 200, "，" * 2_000, " \t\u3000", "e" + "\u0301" * 500])
def test_b51_any_text_in_any_field_raises_no_layout_error(text):
    source = Source(text, "central", (text,), 100, text, text, 1)
    line = Line(1, text, text, text, "paper", 100, remark=text)
    finding = Finding("X", "defect", text, text, text, 100)
    notice = Notice(text, text, text, 100, True, (source,), (line,), (finding,), (text, text))
    figures = allocation([source], [line], notices=(notice,), transcribed=True, place=text, ledger_name=text, book=text,
                         phone=text, objection=text)
    assert len(reader(draw(figures, b"{}")).pages) >= 2


@pytest.mark.parametrize("colour", [INK, QUIET, WARM])
def test_text_colours_have_contrast_of_at_least_4_5(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5
