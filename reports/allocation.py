"""资金分配公告: what a place received in a year, what it was arranged for, and how a reader checks it."""

from collections.abc import Iterator

from ledger.money import Fen, yuan
from reports.amounts import headline, of_each_hundred
from reports.block import BOLD, MM, QUIET, WARM, Block, Gap, Room
from reports.codes import Code, Codes
from reports.english import english_page
from reports.model import LEVELS, Allocation, stated
from reports.page import Margins, draw_pages
from reports.pdf import About, finish, moment
from reports.picture import GREYS, Bar, Bars, KeyFigure, KeyFigures, Share
from reports.rows import rows_csv
from reports.sections import (
    NOTE,
    SECTION,
    lines_section,
    notice_section,
    overview_section,
    sources_section,
    split_findings,
)
from reports.text import Heading, Style, Text
from reports.words import NOT_STATED

STATEMENT = "管理台账，不是会计账簿，不替代预算管理一体化系统"
TRANSCRIBED = "据公开文件转录·非官方文件"
INVENTED = "示例数据·非真实"
DISCLOSURE = "disclosure.json"
HOW_TO_CHECK = (
    f"附件 {DISCLOSURE} 含本公告账册的全部条目及其证明，附件 rows.csv 是本公告的各行；格式见 docs/format.md 第12节，任何人不联网、"
    "不经台账即可复算。用 sunledger check 文件 --trust 信任依据 核验：条目是否齐全、金额是否与条目相符、页面是否被改动。"
    "作为信任依据的台账编号、公钥或检查点应从另处取得（上级机关、见证方或往期公告），不取自本文件。"
    "附件也可在阅读器的附件栏取出。"
)

_TITLE = Style(size=20, leading=30, face=BOLD, align="center", after=2)
_MARKS = Style(size=11, leading=18, face=BOLD, colour=WARM, align="center", after=2)
_ABOUT = Style(size=8.5, leading=13, colour=QUIET, align="center", after=8)
_LEAD = Style(size=12, leading=20, after=4)
_BODY = Style(size=9.5, leading=15.5, indent=62, after=3)
_SIGNED = Style(size=10.5, leading=20)


def draw(figures: Allocation, disclosure: bytes, *, lang: str = "zh", producer: str = "") -> bytes:
    """The announcement as a PDF: same figures and disclosure, same bytes.

    `disclosure.json`, which the figures were made from, is attached, and `rows.csv`, which is made from them. With
    `lang` "en" a page in English follows the Chinese; `producer` is who is said to have drawn it, where not this version.

    Raises StorageTrouble: PAPER.FONT, a font file is missing or altered.
    """
    story = [*_story(figures), *(english_page(figures) if lang == "en" else ())]
    raw = draw_pages(story, _margins(figures))
    about = About(title=figures.title, subject="；".join(filter(None, (marks(figures), STATEMENT))),
                  author=figures.ledger_name, at=figures.head.at)
    return finish(raw, about, {DISCLOSURE: disclosure, "rows.csv": rows_csv(figures)}, producer)


def marks(figures: Allocation) -> str:
    """What the data is, where it is not a county's own record; empty where it is."""
    return "　".join(mark for mark, holds in ((TRANSCRIBED, figures.transcribed), (INVENTED, figures.invented)) if holds)


def _margins(figures: Allocation) -> Margins:
    head = figures.head
    return Margins(figures.title, marks(figures), STATEMENT,
                   f"台账 {head.origin}　检查点 {head.size:,} 条　根 {_groups(head.root[:16])} …")


def _story(figures: Allocation) -> Iterator[Block]:
    yield from _front(figures)
    if figures.notices:
        yield from overview_section(figures)
        for number, notice in enumerate(figures.notices, 1):
            yield from notice_section(number, notice)
    else:
        of_sources, others = split_findings(figures.findings)
        yield from sources_section(figures.sources, of_sources, transcribed=figures.transcribed)
        yield from lines_section(figures.lines, others, transcribed=figures.transcribed)
    yield from _checking(figures)
    yield from _signature(figures)


def _front(figures: Allocation) -> Iterator[Block]:
    yield Text(figures.title, _TITLE)
    if marks(figures):
        yield Text(marks(figures), _MARKS)
    yield Text(f"{figures.ledger_name}　账册 {figures.book}　数据截至 {_date(figures)}", _ABOUT)
    yield Text(plain_sentence(figures), _LEAD)
    yield KeyFigures(_key_figures(figures))
    bars = _bars(figures)
    if bars:
        yield Bars(bars)


def plain_sentence(figures: Allocation) -> str:
    """What happened, in one sentence a reader can repeat; limits of a transcription follow in a second.

    No share, and no zero, where an amount it would rest on is not stated.
    """
    opened = f"据所转录的{len(figures.notices)}份公开文件：" if figures.notices else ""
    text = f"{opened}{figures.place}{figures.year}年{_received_words(figures)}，{_arranged_words(figures)}"
    if figures.received_fen > 0 and figures.unarranged_fen is not None:
        covered = figures.arranged_fen - figures.from_suspense_fen
        reckoned = "，按此推算" if figures.transcribed else ""  # the originals do not say so
        if covered == figures.received_fen:
            text += f"{reckoned}，收到的资金已全部安排到项目或单位"
        elif 0 <= covered < figures.received_fen:
            text += f"{reckoned}，每100元里{of_each_hundred(covered, figures.received_fen)}已安排到项目或单位"
    text += "。"
    if figures.from_suspense_fen:
        text += f"其中{headline(figures.from_suspense_fen)}来源未载。"
    partial = sum(not notice.complete for notice in figures.notices)
    if partial:
        text += f"有{partial}份公告只转录了部分条目，未列明安排的金额不等于没有安排。"
    if any(notice.foreign for notice in figures.notices):
        text += "上级公告只载明下达的资金，未转录本地方的安排。"
    return text


def _received_words(figures: Allocation) -> str:
    known = stated(figures.sources)
    if figures.received_whole:
        if figures.received_fen:
            return f"收到资金{headline(figures.received_fen)}"
        return "收到资金0元" if figures.transcribed else "未登记收到资金"
    if known:
        return f"已载明金额的{known}项来源共{headline(figures.received_fen)}，其余收到的数额{NOT_STATED}"
    return f"收到资金的数额{NOT_STATED}"


def _arranged_words(figures: Allocation) -> str:
    known = stated(figures.lines)
    if figures.arranged_whole:
        return f"已安排{headline(figures.arranged_fen)}"
    if known:
        return f"已载明金额的{known}行共安排{headline(figures.arranged_fen)}，其余安排的金额{NOT_STATED}"
    return f"安排的金额{NOT_STATED}"


def _key_figures(figures: Allocation) -> list[KeyFigure]:
    unarranged = figures.unarranged_fen
    name = "未安排（推算）" if figures.transcribed else "未安排"
    return [
        _known("收到", "项", figures.received_fen, stated(figures.sources), figures.received_whole),
        _known("已安排", "行", figures.arranged_fen, stated(figures.lines), figures.arranged_whole),
        KeyFigure("未安排", NOT_STATED, "") if unarranged is None else KeyFigure(name, headline(unarranged), f"{yuan(unarranged)}元", unarranged > 0),
        _paid(figures),
    ]


def _known(name: str, unit: str, amount: Fen, known: int, whole: bool) -> KeyFigure:
    """A total where it is known; that of the parts whose amount is stated, and named so; or that none is."""
    if not whole and not known:
        return KeyFigure(name, NOT_STATED, "")
    return KeyFigure(name if whole else f"{name}（已载明的{known}{unit}）", headline(amount), f"{yuan(amount)}元")


def _paid(figures: Allocation) -> KeyFigure:
    """What was paid: as recorded, or as the papers' own columns say."""
    if figures.paid_fen or not figures.transcribed:
        unpaid = figures.arranged_fen - figures.paid_fen if figures.arranged_whole else 0
        exact = (f"{yuan(figures.paid_fen)}元", f"另有{yuan(figures.reserved_fen)}元已申请" if figures.reserved_fen else "",
                 f"尚未支付{yuan(unpaid)}元" if unpaid > 0 else "")
        open_end = unpaid > 0 and not (figures.unarranged_fen or 0) > 0
        return KeyFigure("已支付", headline(figures.paid_fen), "\n".join(filter(None, exact)), open_end)
    known = [line.paid_fen for line in figures.lines if line.paid_fen is not None]
    if known:
        whole = figures.arranged_whole and len(known) == len(figures.lines)
        return _known("已支付", "行", sum(known), len(known), whole)
    return KeyFigure("已支付", "见表" if any(line.paid_printed for line in figures.lines) else NOT_STATED, "")


def _bars(figures: Allocation) -> list[Bar]:
    """Two bars of the same length; none where a part is not known, or is negative and would make a part larger than the whole."""
    if figures.unarranged_fen is None:
        return []
    names = {source.level_words for source in figures.sources if source.level == "none"}
    unnamed = "、".join(sorted(names)) if "" not in names else "级次未载"
    levels = {level: sum(source.amount_fen or 0 for source in figures.sources if source.level == level) for level in LEVELS}
    origin = [(LEVELS[level] if level != "none" else unnamed, amount) for level, amount in levels.items()]
    origin.append(("来源未载", figures.from_suspense_fen))
    rest = figures.arranged_fen - figures.paid_fen - figures.reserved_fen
    if figures.transcribed and not figures.paid_fen:
        state = [("已安排", figures.arranged_fen)]
    elif rest >= 0:
        state = [("已支付", figures.paid_fen), ("已申请未支付", figures.reserved_fen), ("已安排未支付", rest)]
    else:
        state = [("已安排", figures.arranged_fen)]
    opened = ("未安排", figures.unarranged_fen)
    parts = [*origin, *state, opened]
    if any(amount < 0 for _, amount in parts) or not any(amount for _, amount in parts):
        return []
    return [Bar("钱从哪里来", _shares(origin, None)), Bar("钱到了哪一步", _shares(state, opened))]


def _shares(parts: list[tuple[str, int]], opened: tuple[str, int] | None) -> tuple[Share, ...]:
    present = [(name, amount) for name, amount in parts if amount]
    shares = [Share(name, amount, headline(amount), GREYS[min(place, len(GREYS) - 1)])
              for place, (name, amount) in enumerate(present)]
    if opened and opened[1]:
        shares.append(Share(opened[0], opened[1], headline(opened[1]), None))
    return tuple(shares)


def _checking(figures: Allocation) -> Iterator[Block]:
    head = figures.head
    yield Room(55 * MM)
    yield Heading("怎么看、怎么核验、怎么反映", SECTION)
    yield Codes((
        Code(_spoken(figures), "手机扫一扫", "一句话：地方、年度、收到与安排的总额、截止日期" + ("和监督电话。" if figures.phone else "。")),
        Code(head.note, "签名检查点", "供核验程序读取：台账名称、条目数、根和签名。请与另处取得的检查点比对。"),
    ))
    explained = {
        "怎么看": "金额以“精确（元）”一栏为准，万元只为便于阅读，带“约”字的是四舍五入。"
                  "表中每一行对应台账的条目，条目号见附件 rows.csv。",
        "怎么核验": HOW_TO_CHECK,
        "检查点": f"台账 {head.origin}，编号 {head.ledger_id}，{head.size:,} 条，{_date(figures)}；根 {_groups(head.root)}",
        "列示范围": _range(figures),
        "不能证明": "台账能证明登记之后未被改动、各项金额相加无误；不能证明条目内容属实或所有事项均已登记。",
        "怎么反映": f"{_phone(figures)}。\n异议的期限：{_objection(figures)}。",
    }
    yield from (Text(text, _BODY, label=label) for label, text in explained.items() if text)


_BOOKS = {"money": "资金账", "open": "公开账"}


def _range(figures: Allocation) -> str:
    """What stands behind the figures: whole books to the checkpoint, with what is in them and in no figure."""
    shown = figures.range
    books = "、".join(f"{_BOOKS.get(name.partition('/')[2], '')}（{name}）共 {count:,} 条" for name, count in shown.entries)
    return "".join((
        f"预算年度 {figures.year} 年的指标。",
        f"截至检查点，账册 {books}，全部在附件中，缺一条、多一条或改一条都核验不通过。" if books else "",
        "以前年度指标的余额，所转录的公告未载。" if figures.transcribed else
        f"以前年度指标在本机构尚未安排的余额{yuan(shown.earlier_fen)}元，不计入上列金额。",
        f"其中 {shown.taken_back:,} 条已红字冲销，不计入金额。" if shown.taken_back else "",
        f"其中 {shown.void:,} 条已作废，不计入金额，仍保留可查。" if shown.void else "",
        "检查点之后的登记不在本件之内。",
    ))


def _spoken(figures: Allocation) -> str:
    rest = NOT_STATED if figures.unarranged_fen is None else headline(figures.unarranged_fen)
    parts = [f"{figures.title}：{_received_words(figures)}，{_arranged_words(figures)}，"
             f"未安排{rest}，截至{_date(figures)}。{_phone(figures)}。"]
    if marks(figures):
        parts.append(f"{marks(figures)}。")
    return "".join(parts)


def _phone(figures: Allocation) -> str:
    if figures.phone:
        return f"监督电话：{figures.phone}"
    return "原公告未载监督电话" if figures.transcribed else "本台账未登记监督电话"


def _objection(figures: Allocation) -> str:
    return figures.objection or (NOT_STATED if figures.transcribed else "本台账未登记")


def _signature(figures: Allocation) -> Iterator[Block]:
    if figures.transcribed:
        yield Text("本件据公开文件转录，不是官方文件，不加盖公章，以原发布机关公开的文本为准。", NOTE)
        return
    yield Room(55 * MM)
    yield Gap(22 * MM)  # where the seal is pressed
    indent = "　" * 20
    yield Text(f"{indent}发布单位（公章）：", _SIGNED)
    yield Text(f"{indent}发布日期：　　　　年　　月　　日", _SIGNED)
    yield Text("纸质公告以盖章件为准。", NOTE)


def _date(figures: Allocation) -> str:
    at = moment(figures.head.at)
    return f"{at.year}年{at.month}月{at.day}日"


def _groups(root: str) -> str:
    return " ".join(root[start:start + 4] for start in range(0, len(root), 4))
