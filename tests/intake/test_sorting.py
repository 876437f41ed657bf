"""The sort of a line by its words."""

from typing import Any

import pytest
from notice_examples import line, plan, small, sorts


@pytest.mark.parametrize(
    ("name", "columns", "sort"),
    [
        ("城关镇", {}, "release"),
        ("蓼堤镇人民政府", {}, "release"),
        ("彰北办事处", {"place": "彰北办事处"}, "release"),
        ("额尔登布拉格苏木", {}, "release"),
        ("水利局", {}, "release"),
        ("睢县住房和城乡建设局", {}, "release"),
        ("农业技术推广中心", {}, "release"),
        ("党群服务中心", {}, "unsorted"),
        ("城郊乡董村文化活动中心", {}, "project"),
        ("城关镇", {"content": "硬化道路500米"}, "project"),
        ("董村蔬菜大棚", {}, "project"),
        ("睢县紫砂手工艺培训项目", {}, "project"),
        ("水果基地", {"place": "苗儿村"}, "project"),
        ("危桥改造", {"unit_responsible": "交通局"}, "project"),
        ("项目管理费", {"unit_responsible": "农业农村局"}, "fee"),
        ("驻村第一书记工作经费", {}, "fee"),
        ("雨露计划", {"place": "职业学校"}, "household"),
        ("小额信贷贴息", {}, "household"),
        ("公益性岗位补贴", {}, "household"),
        ("产业发展", {}, "category"),
        ("支持产业发展", {}, "category"),
        ("基础设施建设", {}, "category"),
        ("教育类项目", {}, "category"),
        ("产业发展项目(1个)", {}, "category"),
        ("产业发展项目\uff0812个\uff09", {}, "category"),
        ("项目管理费\uff08中央\uff09", {}, "fee"),
        ("新城镇", {}, "release"),
        ("特色小镇", {}, "unsorted"),
        ("新城镇道路硬化", {}, "project"),
        ("农业产业项目", {"extra": {"central": "60", "province": "40"}}, "category"),
        ("数字乡村建设项目", {"category": "central"}, "category"),
        ("董村道路", {"category": "central"}, "project"),
        ("乡村建设行动项目", {"extra": {"projects": "95"}}, "category"),
        ("巩固脱贫成果", {}, "category"),
        ("李村", {}, "unsorted"),
        ("其余", {}, "unsorted"),
        ("睢县", {}, "unsorted"),
        ("合计", {}, "subtotal"),
        (None, {}, "unsorted"),
    ],
)
def test_a_line_of_a_county_is_sorted(name: Any, columns: dict[str, Any], sort: str) -> None:
    assert sorts(plan(small(lines=[line(name, "100", **columns)]))) == {1: sort}
