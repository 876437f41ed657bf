"""A whole small year of 示例县, all of it invented: who acts, what is recorded, who confirms."""

from typing import Any, NamedTuple

PROVINCE, CITY, COUNTY, TOWNSHIP, BUREAU = "990000", "999900", "999901", "999901001", "999901-sw"
YEAR = 2025
WAN = 1_000_000  # fen

BODIES: list[dict[str, Any]] = [
    {"code": PROVINCE, "name": "示例省", "level": "province"},
    {"code": CITY, "name": "示例市", "level": "city", "parent": PROVINCE},
    {"code": COUNTY, "name": "示例县", "level": "county", "parent": CITY},
    {"code": TOWNSHIP, "name": "示例镇", "level": "township", "parent": COUNTY},
    {
        "code": BUREAU,
        "name": "示例县水务局",
        "level": "county",
        "parent": COUNTY,
        "type": "department",
        "function": "水务",
    },
]

OFFICERS: list[tuple[str, str, str, list[str]]] = [
    ("zhou", "周某", PROVINCE, ["finance", "reviewer"]),
    ("wu", "吴某", PROVINCE, ["reviewer"]),
    ("zheng", "郑某", CITY, ["finance"]),
    ("li", "李某", COUNTY, ["programme", "handler"]),
    ("wang", "王某", COUNTY, ["finance"]),
    ("zhao", "赵某", COUNTY, ["approver", "treasury", "reviewer"]),
    ("sun", "孙某", COUNTY, ["publisher", "auditor"]),
]


class Step(NamedTuple):
    """One entry of the year; `confirm` is the second person where it waits."""

    officer: str
    kind: str
    id: str
    day: str
    data: dict[str, Any]
    confirm: str = ""
    sealed: dict[str, str] | None = None


def _leg(quota: str, wan: float) -> dict[str, Any]:
    return {"amount": round(wan * WAN), "quota": quota}


def _receive(
    officer: str, quota: str, holder: str, wan: float, level: str, name: str, number: str, day: str
) -> Step:
    return Step(officer, "quota.receive", f"receive/{quota}", day, {
        "quota": quota, "holder": holder, "amount": round(wan * WAN), "year": YEAR, "source_level": level,
        "fund_name": name, "fund_nature": "transition", "document_number": number, "issued_on": day,
    })  # fmt: skip


def _release(
    officer: str, quota: str, source: str, target: str, wan: float, number: str, day: str, by: str
) -> Step:
    return Step(officer, "quota.release", f"release/{quota}", day, {
        "legs": [_leg(quota, wan)], "from": source, "to": target, "document_number": number, "received_on": day,
    }, by)  # fmt: skip


def _project(id: str, name: str, place: str, unit: str, sort: str, day: str) -> list[Step]:
    return [
        Step("li", "project.propose", f"propose/{id}", day, {
            "project": id, "county": COUNTY, "township": TOWNSHIP, "name": name, "place": place, "type": sort,
            "responsible_unit": unit, "decided_by": "示例县巩固脱贫成果领导小组", "decided_on": day,
        }),
        Step("zhao", "project.approve", f"approve/{id}", day, {"project": id, "document_number": f"示批〔{YEAR}〕{id[-1]}号"}),
    ]  # fmt: skip


def _fund(id: str, legs: list[dict[str, Any]], day: str) -> Step:
    return Step("wang", "project.fund", f"fund/{id}", day, {
        "project": id, "legs": legs, "document_number": f"示财农〔{YEAR}〕1{id[-1]}号", "function_code": "21305",
    }, "zhao")  # fmt: skip


def _ask(id: str, project: str, legs: list[dict[str, Any]], payee: str, sort: str, day: str) -> Step:
    return Step("li", "payment.request", id, day, {
        "payment": id, "project": project, "legs": legs, "payee": payee, "payment_type": sort, "purpose": "工程款",
    })  # fmt: skip


def _pay(id: str, day: str) -> Step:
    return Step("zhao", "payment.approve", f"approve/{id}", day, {"payment": id, "voucher": f"记-{id[-2:]}"})


ROAD, WATER, GREENHOUSE = "SL-2025-1", "SL-2025-2", "SL-2025-3"

STEPS: list[Step] = [
    _receive("zhou", "2025-C-01", PROVINCE, 1200, "central", "中央财政衔接推进乡村振兴补助资金", "财农〔2024〕100号", "2024-12-20"),
    _release("zhou", "2025-C-01", PROVINCE, COUNTY, 860, "示省财农〔2025〕6号", "2025-01-16", "wu"),
    _receive("zheng", "2025-M-01", CITY, 300, "city", "市级财政衔接资金", "示市财预〔2025〕3号", "2025-02-10"),
    Step("zheng", "quota.release", "release/2025-M-01", "2025-02-18", {
        "legs": [_leg("2025-M-01", 240)], "from": CITY, "to": COUNTY, "document_number": "示市财预〔2025〕9号",
        "received_on": "2025-02-18",
    }, "zhou"),
    _receive("wang", "2025-X-01", COUNTY, 100.5, "county", "县级财政衔接资金", "示财预〔2025〕1号", "2025-02-20"),
    *_project(ROAD, "示例镇示例村产业路硬化项目", "示例镇示例村", "示例镇人民政府", "基础设施", "2025-03-05"),
    *_project(WATER, "示例镇农村饮水安全巩固提升工程", "示例镇", "示例县水务局", "基础设施", "2025-03-05"),
    *_project(GREENHOUSE, "示例村日光温室建设项目", "示例镇示例村", "示例镇人民政府", "产业发展", "2025-03-12"),
    _fund(ROAD, [_leg("2025-C-01", 320)], "2025-03-20"),
    _fund(WATER, [_leg("2025-C-01", 210.25), _leg("2025-M-01", 160)], "2025-03-20"),
    _fund(GREENHOUSE, [_leg("2025-C-01", 180), _leg("2025-X-01", 60.5)], "2025-03-28"),
    Step("wang", "quota.release", "release/township", "2025-04-02", {
        "legs": [_leg("2025-M-01", 30)], "from": COUNTY, "to": TOWNSHIP, "document_number": "示财农〔2025〕21号",
    }, "zhao"),
    _ask("PAY-2025-01", ROAD, [_leg("2025-C-01", 96)], "示例路桥有限公司", "advance", "2025-04-15"),
    _pay("PAY-2025-01", "2025-04-17"),
    _ask("PAY-2025-02", WATER, [_leg("2025-C-01", 60), _leg("2025-M-01", 45.5)], "示例水利工程有限公司", "advance", "2025-05-08"),
    _pay("PAY-2025-02", "2025-05-09"),
    _ask("PAY-2025-03", ROAD, [_leg("2025-C-01", 150)], "示例路桥有限公司", "progress", "2025-07-10"),
    _pay("PAY-2025-03", "2025-07-11"),
    _ask("PAY-2025-04", GREENHOUSE, [_leg("2025-C-01", 90), _leg("2025-X-01", 30)], "示例农业设施有限公司", "progress", "2025-08-01"),
    Step("zhao", "payment.reject", "reject/PAY-2025-04", "2025-08-04", {"payment": "PAY-2025-04", "reason": "缺监理签证，补齐后再报"}),
    _ask("PAY-2025-05", GREENHOUSE, [_leg("2025-C-01", 90), _leg("2025-X-01", 30)], "示例农业设施有限公司", "progress", "2025-08-20"),
    _pay("PAY-2025-05", "2025-08-22"),
    _ask("PAY-2025-06", WATER, [_leg("2025-C-01", 50)], "示例水利工程有限公司", "progress", "2025-09-03"),
    _pay("PAY-2025-06", "2025-09-04"),
]  # fmt: skip

# The last approval was for the wrong sum: taken back by two persons, asked for again, paid right.
MISTAKE = "approve/PAY-2025-06"
AFTER_MISTAKE: list[Step] = [
    Step("zhao", "payment.reject", "reject/PAY-2025-06", "2025-09-08", {"payment": "PAY-2025-06", "reason": "金额应为45万元"}),
    _ask("PAY-2025-07", WATER, [_leg("2025-C-01", 45)], "示例水利工程有限公司", "progress", "2025-09-09"),
    _pay("PAY-2025-07", "2025-09-10"),
]  # fmt: skip

# One household, by pseudonym; who it is, and its account, are sealed. All of it invented.
HOUSEHOLD = "H-2025-001"
SUPPORT: list[Step] = [
    Step("li", "household.enroll", f"enroll/{HOUSEHOLD}", "2025-09-12", {
        "household": HOUSEHOLD, "place": TOWNSHIP, "type": "monitored", "persons": 4,
    }, "zhao", {"head": "示例户主", "identity": "99990119700101999X", "account": "6200000000000000001"}),
    Step("li", "payment.request", "PAY-2025-H1", "2025-09-15", {
        "payment": "PAY-2025-H1", "project": GREENHOUSE, "legs": [_leg("2025-C-01", 0.3)], "payee": HOUSEHOLD,
        "payee_type": "person", "payment_type": "household", "purpose": "到户产业奖补",
    }, sealed={"account": "6200000000000000001"}),
    _pay("PAY-2025-H1", "2025-09-16"),
]  # fmt: skip

# What goes on after the books were stated for the announcement.
AFTER_BOOKS: list[Step] = [
    _ask("PAY-2025-08", ROAD, [_leg("2025-C-01", 20)], "示例路桥有限公司", "progress", "2025-11-03"),
    _pay("PAY-2025-08", "2025-11-04"),
]

# What somebody with every key recorded in a copy instead.
FORGED: list[Step] = [
    _ask("PAY-2025-08", ROAD, [_leg("2025-C-01", 20)], "示例贸易有限公司", "progress", "2025-11-03"),
    _pay("PAY-2025-08", "2025-11-04"),
]  # fmt: skip
