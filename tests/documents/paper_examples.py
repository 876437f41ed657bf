"""Figures to draw: an invented county with its own records, and a transcription of several papers."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reports.model import Allocation, Finding, Head, Line, Notice, Range, Source, lines_fen, sources_fen

NOTE = (
    "example.invalid/shili\n1842\n8LRhnQuFuJpe8VmTYiNzhPLxP9U8PqJUb8sK7nGWBzM=\n\n"
    "— example.invalid/shili Az3grilD7vQqTrv66jRgKM84Y80KTprrSt4bKmiOPxgmS5ZVBTeCl6dUvjYnN13R+C8j0jGY1WnUADGMkok3U0m2Zgo=\n"
)
HEAD = Head(origin="example.invalid/shili", ledger_id="7f3a-2025", size=1842,
            root="f0b4619d0b85b89a5ef15993622373 84f2f13fd53c3ea2546fcb0aee719607 33".replace(" ", ""),
            note=NOTE, at="2025-12-31T09:30:00Z")
RANGE = Range((("999901/money", 412), ("999901/open", 130)), earlier_fen=12_345, taken_back=2, void=3)
WAN = 1_000_000


def allocation(sources: Sequence[Source], lines: Sequence[Line], **changes: Any) -> Allocation:
    """An allocation whose totals are made from its parts."""
    received, arranged = sources_fen(sources), lines_fen(lines)
    suspense = max(0, arranged - received)
    is_known = all(notice.received_whole and notice.arranged_whole for notice in changes.get("notices", ()))
    fields: dict[str, Any] = {
        "ledger_name": "示例县衔接资金阳光台账", "place": "示例县", "book": "999901", "year": 2025,
        "sources": tuple(sources), "lines": tuple(lines), "findings": (), "received_fen": received,
        "arranged_fen": arranged, "unarranged_fen": received + suspense - arranged if is_known else None, "paid_fen": 0, "reserved_fen": 0,
        "from_suspense_fen": suspense, "notices": (), "transcribed": False, "invented": True, "phone": None,
        "objection": None, "range": RANGE, "head": HEAD,
    }
    return Allocation(**{**fields, **changes})


def example_county(count: int = 120) -> Allocation:
    """The invented 示例县: three quotas, `count` lines, some money not yet arranged."""
    chance = random.Random(count)
    villages = ["上坪村", "下坪村", "石门村", "柳树湾村", "大河口村", "白鹤村", "红岩村", "青杠村"]
    works = ["通村道路硬化工程", "饮水安全巩固提升项目（含蓄水池、管网及计量设施）", "高标准农田宜机化改造",
             "食用菌大棚建设项目", "易地搬迁安置点配套冷链物流中心及分拣包装车间建设项目（二期）", "公益性岗位补助"]
    units = ["县农业农村局", "县水利局", "县交通运输局", "示例镇人民政府", "县民族宗教事务局"]
    lines = [Line(n, chance.choice(villages) + chance.choice(works), f"示例镇{chance.choice(villages)}",
                  chance.choice(units), "project", chance.randrange(50_000, 4_000_000) * 100 + (37 if n % 9 == 0 else 0),
                  remark="以工代赈" if n % 7 == 0 else "", seq=100 + n) for n in range(1, count + 1)]
    lines.append(Line(count + 1, "下达示例镇小型公益设施管护资金", "示例镇", "示例镇人民政府", "release", 86 * WAN, seq=900))
    arranged = lines_fen(lines)
    sources = [
        Source("中央财政衔接推进乡村振兴补助资金（提前下达）", "central", ("示财农〔2024〕118号",), arranged * 6 // 10, "2024-12-20",
               "2025-C-01", 3),
        Source("省级财政衔接推进乡村振兴补助资金（第一批）", "province", ("示财农〔2025〕19号", "示财农〔2025〕27号"), arranged * 4 // 10,
               "2025-03-02", "2025-P-01", 4),
        Source("县级配套资金", "county", (), 1280 * WAN, "2025-04-11", "2025-X-01", 5),
    ]
    return allocation(sources, lines, paid_fen=arranged * 7 // 10, reserved_fen=arranged // 50,
                      phone="0999-0000000", objection="公告之日起10日内，向县乡村振兴主管部门书面提出",
                      findings=(Finding("PAPER.DOCUMENT_NUMBER", "information", "sources", "县级配套资金未登记文号"),))


def transcribed() -> Allocation:
    """Three papers of an invented county: one complete, one that does not add up, one without amounts."""
    first = Notice(
        "示例县2025年中央财政衔接推进乡村振兴补助资金项目资金安排公示", "https://www.example.invalid/xxgk/202503/t20250318_5120.html",
        "2025-03-18", 1550 * WAN, True,
        (Source("中央财政衔接推进乡村振兴补助资金（巩固拓展脱贫攻坚成果和乡村振兴任务）", "central", ("示财农〔2024〕118号",), 1200 * WAN,
                "", "", 11),
         Source("省级资金", "province", (), 350 * WAN, "", "", 12, derived=True)),
        tuple(Line(n, f"{name}产业道路建设", name, "", "paper", amount, seq=20 + n) for n, (name, amount) in enumerate(
            [("上坪村", 724_712_484), ("石门村", 400 * WAN), ("睢 县", 425_287_516)], 1)),
        (Finding("NOTICE.LEVEL", "information", "sources", "省级资金由合计减中央资金得出"),), ("2025-03-18", "2025-03-27"))
    second = Notice(
        "关于示例县2025年第二批财政衔接资金分配结果的公告", "https://www.example.invalid/gk/2025/0612/a.html?id=8872&type=notice",
        "2025-06-12", 980 * WAN, True,
        (Source("第二批省级财政衔接补助资金", "province", ("示财指农﹝2025﹞419号", "示财指农〔2025〕499号"), 980 * WAN, "2025-06-05", "", 31),),
        (Line(1, "柳树湾村饮水安全巩固提升", "柳树湾村", "县水利局", "paper", 610 * WAN, seq=32),
         Line(2, "大河口村冷链物流中心（含设备购置）", "大河口村", "", "paper", 365 * WAN, seq=33),
         Line(3, "项目管理费", "", "县农业农村局", "paper", 9_800_000, source_stated=False, remark="原表未列入合计", seq=34)),
        (Finding("NOTICE.SUM", "defect", "lines", "原文合计与所列各项之和不一致", "980", 984_800_000),
         Finding("NOTICE.PHONE", "information", "notice", "原文未载监督电话")), None)
    third = Notice(
        "示例县少数民族发展任务项目实施计划完成情况公示", "", "2025-11", None, False, (),
        tuple(Line(n, name, "", "", "paper", None, seq=40 + n) for n, name in enumerate(
            ["上坪村暖棚建设", "石门村农家农文旅融合产业建设", "波汰沟村育肥羊养殖基地"], 1)),
        (Finding("NOTICE.SOURCE", "defect", "sources", "原文未载资金来源与金额"),), None)
    notices = (first, second, third)
    figures = allocation([s for n in notices for s in n.sources], [x for n in notices for x in n.lines],
                         notices=notices, transcribed=True, ledger_name="公开文件转录台账", book="999901")
    return replace(figures, findings=(Finding("BOOK.WINDOW", "information", "", "两份公告未载公示期"),))
