"""What sort of line a line of a notice is, judged by its words and by the column it stands in: the first rule that fits decides.

| sort | rule | moves |
|---|---|---|
| subtotal | 合计, 小计, 总计 | no, and is left out of the sum |
| county | of a city's or province's notice: a place of the table, or a bare name that ends in 县 区 市 旗 州 盟 | release |
| township | of a notice from a county or above: a bare name that ends in 镇 乡 街道 办事处 苏木 | release |
| department | a bare name that ends in 局 厅 办 委 委员会 中心 | release |
| unit | in a column of divisions: a bare name that ends in 林场 农场 开发区 and the like | release |
| fee | ends in 管理费, 经费 and the like | no |
| household | 雨露计划, 贴息, 小额信贷, 补贴, 公益岗位 and the like, without building words | no |
| category | has a count of projects; or no place and content and: a general name (产业发展), a list of one source level, its own split over levels | no |
| project | has a place of its own, content or responsible unit, or its name names one place | propose, fund |
| category | general words only, none of building | no |
| unsorted | all else | no |

A column whose names are mostly divisions of the notice's own place is a column of divisions: there a name may leave out 市
县 区 旗, and what is no division and no agency is unsorted, never a project. A place that only repeats the name is no place.

A category is not a project: 产业发展 2993.7 names a purpose, and the projects below it are still to come.
"""

import re
from collections.abc import Callable, Sequence

from ledger.intake.notice_format import Line
from ledger.intake.place_names import TOWNSHIP_ENDING, compact
from ledger.intake.splits import level_word, names_levels

_ABOVE = ("province", "city")  # levels whose notices list counties
RECIPIENTS = ("county", "township", "department", "unit")
_HAN = r"[\u3400-\u9fff]"
_COUNT_COLUMNS = frozenset({"projects", "project_count", "项目数", "项目个数", "项目数量"})
_ASIDE = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]$")
_SUBTOTAL = re.compile(r"(?:合|小|总|共)\s*计|.{0,20}(?:合计|小计|总计)")
_COUNTY = re.compile(rf"{_HAN}{{1,14}}[县区市旗州盟]")
_TOWNSHIP = re.compile(rf"{_HAN}{{1,14}}?{TOWNSHIP_ENDING}(?:人民政府)?")
_NO_TOWNSHIP = re.compile(r".*(?:小镇|小城镇|新型城镇|城乡|[各个两][镇乡])")
_DEPARTMENT = re.compile(rf"{_HAN}{{1,20}}(?:局|厅|办公室|办|委|委员会|管委会|中心)")
_UNIT = re.compile(
    rf"{_HAN}{{0,20}}(?:林场|农场|牧场|渔场|茶场|园艺场|种畜场|良种场|原种场|管理区|开发区|高新区|示范区|园区|度假区|风景区|集团|公司)"
)
_BUILT_CENTRE = re.compile(
    r"(?:活动|文化|党群|便民|游客|养老|康养|冷链|物流|加工|交易|集散|展示|育苗|服务)(?:服务)?中心"
)
_BUILDING = re.compile(
    r"建设|新建|改建|扩建|修建|修复|改造|硬化|工程|道路|公路|桥|水利|饮水|灌溉|大棚|厂房|养殖|种植|基地|设施|电站|光伏"
    r"|冷链|物流|加工|交易|集散|展示|育苗"
)
_FEE = re.compile(
    r"管理费用?|(?:.*(?:经费|监理费|设计费|评审费|审计费|前期费|招标费|工作费|管理费)用?)|(?:前期|监理|设计|评审|审计)费用?"
)
_HOUSEHOLD = re.compile(
    r"雨露计划|贴息|小额(?:信贷|贷款)|补贴|(?:生活|教育|交通|职业|住房|生产|就业|务工|租赁)补助|补助$|公益性?岗位|助学|保险|保费"
    r"|救助|慰问|一卡通|到户|危房改造补"
)
_GENERAL = re.compile(
    r"(?:支持|其[他它])?(?:特色|农业|重点)?(?:产业|产业发展|基础设施|基础设施建设|公共服务|公共服务设施建设|乡村建设|乡村建设行动|乡村治理"
    r"|社会事业|就业帮扶|金融帮扶|易地搬迁|巩固拓展脱贫攻坚成果|能力建设|其[他它])(?:类|方面)?(?:项目|任务|支出|资金)?"
    r"|.{1,20}类(?:项目)?|.{1,30}项目[(\uff08][0-9]+个[)\uff09]"
)
_PURPOSE = re.compile(
    r"产业|发展|项目|任务|行动|巩固|提升|帮扶|设施|服务|治理|其[他它]|金融|就业|教育|健康|生态|扶贫|资金|机制"
)
_ANY_VILLAGE = re.compile(
    r"农村牧区|农村|城乡|乡村|贫困村|脱贫村|行政村|示范村|美丽村|和美村|重点村|薄弱村|空壳村|村级|村组|村庄|村民|村容|村集体|^城镇|新型城镇|小城镇|乡镇|小镇"
    r"|[全各]县|[全各]市|[全各]区|[全各]?[0-9一二三四五六七八九十两多]+个(?:行政)?[村镇乡]"
)
_ONE_PLACE = re.compile(rf"{_HAN}(?:村|社区|嘎查|{TOWNSHIP_ENDING})")
_VILLAGE_ONLY = re.compile(rf"{_HAN}{{1,10}}(?:村|社区|嘎查)(?:村?委会|村?民?委员会)?")


def is_column(lines: Sequence[Line], *, level: str, is_division: Callable[[str], bool]) -> bool:
    """Whether the names of a notice's lines are mostly divisions of the place, a body at `level`, that it is of.

    Agencies and sums among them count for neither side.
    """
    named = [line for line in lines if (name := compact(line.name or "")) and not (is_subtotal(name) or _is_agency(line, name))]
    fitting = sum(
        bool(_division(line, level)) or ((_is_bare(line) or level in _ABOVE) and is_division(compact(line.name or "")))
        for line in named
    )
    return 2 * fitting > len(named)


def _is_agency(line: Line, name: str) -> bool:
    return _is_bare(line) and bool(_UNIT.fullmatch(name) or _DEPARTMENT.fullmatch(name)) and not _COUNTY.fullmatch(name)


def is_subtotal(name: str) -> bool:
    """Whether a name is that of a sum: 合计, 小计, 总计."""
    return bool(_SUBTOTAL.fullmatch(name))


def sort_line(
    line: Line, *, level: str, holder_names: Sequence[str], is_division: Callable[[str], bool], in_column: bool = False
) -> str:
    """The sort of a line in a notice of a body at `level`, known by `holder_names`; see the table above."""
    name = compact(line.name or "")
    if not name:
        return "unsorted"
    if is_subtotal(name):
        return "subtotal"
    bare = _is_bare(line) or (in_column and level in _ABOVE)
    division = _division_word(name, level) if bare else ""
    if bare and is_division(name) and (in_column or division or name[-1] in "市县区旗州盟"):
        return "county" if level in _ABOVE else "township"
    if division:
        return division
    if bare:
        if _DEPARTMENT.fullmatch(name) and not (_BUILT_CENTRE.search(name) or _names_one_place(name, ())):
            return "department"
        if in_column and _UNIT.fullmatch(name):
            return "unit"
    sort = _purpose(line, name, holder_names)
    is_work = _BUILDING.search(name) or "项目" in name
    return "unsorted" if in_column and ((sort == "project" and not is_work) or (sort == "category" and bare)) else sort


def _division(line: Line, level: str) -> str:
    """The sort of a bare name that reads as a division's, or ''."""
    return _division_word(compact(line.name or ""), level) if _is_bare(line) else ""


def _division_word(name: str, level: str) -> str:
    """County or township, as the last letters of a name say, or ''."""
    if level in _ABOVE and _COUNTY.fullmatch(name):
        return "county"
    if level not in ("township", "village") and _TOWNSHIP.fullmatch(name) and not _NO_TOWNSHIP.fullmatch(name):
        return "township"
    return ""


def _purpose(line: Line, name: str, holder_names: Sequence[str]) -> str:
    plain = _ASIDE.sub("", name)
    place = "" if compact(line.place or "") == name else line.place
    if _FEE.fullmatch(plain):
        return "fee"
    if _HOUSEHOLD.search(plain) and not _BUILDING.search(_HOUSEHOLD.sub("", plain)):
        return "household"
    if any(heading in _COUNT_COLUMNS for heading, _ in line.extra):
        return "category"
    placed = _names_one_place(name, holder_names)
    if not (place or line.content):
        if _GENERAL.fullmatch(name) or _GENERAL.fullmatch(plain):
            return "category"
        if (
            not placed
            and not line.unit_responsible
            and (level_word(line.category) or names_levels(line.extra))
        ):
            return "category"
    if _VILLAGE_ONLY.fullmatch(name) and not line.content:
        return "unsorted"
    if _is_bare(line) and not line.unit_responsible and (_COUNTY.fullmatch(name) or _UNIT.fullmatch(name)):
        return "unsorted"
    if place or line.content or line.unit_responsible or placed:
        return "project"
    return "category" if _is_general(name) else "unsorted"


def _is_general(name: str) -> bool:
    return bool(_PURPOSE.search(name)) and not (_BUILDING.search(name) or _BUILT_CENTRE.search(name))


def _is_bare(line: Line) -> bool:
    """Whether the line is a name alone, as the rows of a table of recipients are."""
    return not line.content and (not line.place or compact(line.place) == compact(line.name or ""))


def _names_one_place(name: str, holder_names: Sequence[str]) -> bool:
    return any(known in name for known in holder_names) or bool(_ONE_PLACE.search(_ANY_VILLAGE.sub("", name)))
