"""Printed places meet the bundled table exactly, shortened where only one fits, or get a code of their own."""

import hashlib

import pytest
from notice_examples import codes, line, of_kind, plan, small

from ledger.intake.divisions import bundled_divisions
from ledger.intake.places import Places


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("河南省", "410000"),
        ("河南省商丘市", "411400"),
        ("河南省商丘市睢县", "411422"),
        ("河南省商丘市睢 县", "411422"),
        ("河南省睢县", "411422"),
        ("河南商丘睢县", "411422"),
        ("商丘市睢县", "411422"),
        ("重庆市丰都县", "500230"),
        ("北京市朝阳区", "110105"),
        ("湖北省仙桃市", "429004"),
        ("吉林省吉林市船营区", "220204"),
        ("辽宁省朝阳市喀左县", "211324"),
        ("内蒙古巴彦淖尔市乌拉特前旗", "150823"),
        ("青海省黄南州泽库县", "632323"),
        ("新疆伊犁州特克斯县", "654027"),
        ("新疆巴州若羌县", "652824"),
        ("黑龙江省杜蒙县", "230624"),
        ("辽宁省阜新市彰武县五峰镇", "210922103"),
    ],
)
def test_a_place_is_found(place: str, code: str) -> None:
    assert Places(bundled_divisions()).holder(place, "county").code == code


@pytest.mark.parametrize(
    ("place", "code", "level"),
    [
        ("河南省新乡市高新区", f"410700-x{digest('高新区')}", "county"),
        ("河南省幻想市", f"410000-x{digest('幻想市')}", "county"),
        ("河南省商丘市睢县城关镇", f"411422-x{digest('城关镇')}", "township"),
        ("某国某地", f"x{digest('某国某地')}", "county"),
    ],
)
def test_an_unknown_place_gets_a_code_below_its_parent(place: str, code: str, level: str) -> None:
    places = Places(bundled_divisions())
    body = places.holder(place, "county")
    assert (body.code, body.level) == (code, level)
    assert [finding["code"] for finding in places.findings] == ["code_unknown"]


def test_codes_stay_short_however_deep_a_place_is_unknown() -> None:
    places = Places(bundled_divisions())
    body = places.holder("河南省甲市乙县丙镇丁村", "village")
    assert len(body.code) <= 32
    assert [body.level for body in places.bodies.values()] == [
        "province",
        "city",
        "county",
        "township",
        "village",
    ]


def test_a_shortened_name_is_told_and_an_exact_one_is_not() -> None:
    short, exact = Places(bundled_divisions()), Places(bundled_divisions())
    short.holder("浙江省丽水市景宁县", "county")
    exact.holder("浙江省丽水市景宁畲族自治县", "county")
    assert [finding["printed"] for finding in short.findings] == ["景宁县"]
    assert exact.findings == []


def test_counties_stand_below_their_province_where_the_city_does_not_exist() -> None:
    divisions = bundled_divisions()
    county = divisions.get("500230")
    assert county
    assert county.parent == "500000"
    assert divisions.get("500200") is None
    assert [place.code for place in divisions.line("411422")] == ["410000", "411400", "411422"]


def test_a_province_releases_to_cities_and_counties() -> None:
    names = ["商丘市", "睢 县", "济源市", "郑州", "豫东示范区", "省农业农村厅", "郏县人民政府"]
    lines = [line(name, "10") for name in names]
    found = plan(small(place="河南省", level="province", lines=lines, total="70"))
    assert [draft.data["to"] for draft in of_kind(found, "quota.release")] == [
        "411400",
        "411422",
        "419001",
        "410100",
        f"410000-x{digest('豫东示范区')}",
        f"410000-x{digest('省农业农村厅')}",
        "410425",
    ]
    assert codes(found).count("name_abbreviated") == 3


def test_parents_are_registered_before_their_children() -> None:
    found = plan(small(lines=[line("城关镇人民政府", "100"), line("农业农村局", "1")]))
    seen: set[str] = set()
    for draft in of_kind(found, "authority.register"):
        assert draft.data.get("parent", "") in seen | {""}
        seen.add(draft.data["code"])
    assert [draft.data["name"] for draft in of_kind(found, "authority.register")] == [
        "河南省",
        "商丘市",
        "睢县",
        "城关镇",
        "农业农村局",
    ]
