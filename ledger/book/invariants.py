"""The promises that `verify` checks by name; each is guarded on the way in (append) and on the way out (verify)."""

import msgspec


class Invariant(msgspec.Struct, frozen=True):
    """A numbered promise: its name, and the sentence in both languages."""

    id: str
    name: str
    en: str
    zh: str


INVARIANTS = tuple(
    Invariant(*row)
    for row in (
        ("INV-01", "bytes", "content and header are canonical and agree", "内容与条目头为规范格式且一致"),
        (
            "INV-02",
            "chain",
            "entries are dense from 0, each naming the one before",
            "条目自0起连续，逐条指向前一条",
        ),
        (
            "INV-03",
            "tree",
            "every leaf and every sealed root is that of the tree",
            "叶值与每个封签的树根均相符",
        ),
        (
            "INV-04",
            "seals",
            "seals tile the history, each signed by its author",
            "封签首尾相接，均由登记人签名",
        ),
        (
            "INV-05",
            "rights",
            "role, jurisdiction and key were valid before the entry",
            "角色、管辖、密钥在登记时有效",
        ),
        ("INV-06", "second-person", "who confirms or approves is another person", "复核、批准者为另一人"),
        (
            "INV-07",
            "books",
            "book membership is recomputed, positions have no gap",
            "账册归属可复算，序号无缺",
        ),
        ("INV-08", "references", "kinds, fields, ids and references are right", "类型、字段、编号、引用正确"),
        (
            "INV-09",
            "balances",
            "moves equal the event, no account is below zero",
            "变动与事项相符，账户不为负",
        ),
        (
            "INV-10",
            "quotas",
            "per quota, received equals the sum over stages",
            "每项指标收到数等于各环节之和",
        ),
        (
            "INV-11",
            "reversals",
            "once, named, not under something built upon",
            "冲销仅一次、指明原条目、未被后续使用",
        ),
        (
            "INV-12",
            "clock",
            "no unacknowledged entry is ahead of a later one or of now",
            "无未经确认的超前时间",
        ),
        ("INV-13", "projections", "every derived table equals the replay", "派生表与重放结果一致"),
        ("INV-14", "sealed", "each sealed value opens or was erased by an entry", "密封值可开启或已依法删除"),
        ("INV-15", "guards", "triggers and schema are those of this release", "触发器与表结构为本版本所设"),
        ("INV-16", "heads", "every outside head is a prefix of this history", "各外部检查点均为本历史的前缀"),
    )
)

_BY_FAMILY = {
    "RIGHTS": "INV-05",
    "BOOKS": "INV-07",
    "BALANCE": "INV-09",
    "REVERSAL": "INV-11",
}


def invariant_of(code: str) -> str:
    """The promise that a breach breaks, by its code or key."""
    code = code.partition(":")[0]
    if code == "RIGHTS.SAME_PERSON":
        return "INV-06"
    family = code.partition(".")[0]
    return family if family.startswith("INV-") else _BY_FAMILY.get(family, "INV-08")
