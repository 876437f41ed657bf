"""Kinds of stream `keys`: who keeps the ledger, with which keys, and what a second person confirms or voids."""

from ledger import words
from ledger.kinds.declare import Kind, field
from ledger.kinds.types import (
    Base64,
    Book,
    Code,
    Count,
    EntryRef,
    Hex32,
    OfficerId,
    PolicyRow,
    PublicKey,
    RoleRow,
    Root,
    Text,
    Total,
    Word,
)

ROLES = {
    "administrator": "管理员",
    "programme": "项目管理",
    "handler": "经办",
    "reviewer": "复核",
    "finance": "财务",
    "treasury": "国库",
    "approver": "审批",
    "auditor": "审计",
    "inspector": "监督检查",
    "clerk": "录入",
    "publisher": "公告发布",
}
LEVELS = {"province": "省级", "city": "市级", "county": "县级", "township": "乡镇级", "village": "村级"}
ENROLLING = ("ledger.open", "officer.enroll", "officer.rotate")  # kinds that hold officers' keys
BODY_TYPES = {
    "government": "政府",
    "department": "部门",
    "township": "乡镇",
    "village": "村",
    "unit": "单位",
    "bank": "代理银行",
    "audit": "审计机关",
}

for vocabulary, table in (("role", ROLES), ("level", LEVELS), ("body", BODY_TYPES)):
    for word, zh in table.items():
        words.declare(vocabulary, word, zh)

LONGEST_RANGE = 1000  # entries that one acknowledgement may name


class LedgerOpen(Kind, kind="ledger.open", zh="建账", en="open a ledger", stream="keys", through="init"):
    """Entry 0: the ledger's name, mode, founding keys, role table and second-person policy. Its leaf is the ledger id."""

    name: Text = field(zh="台账名称", en="name", example="示例县台账")
    mode: Word = field(zh="模式", en="control or observe", choices={"control": "管控", "observe": "观测"}, example="control")
    nonce: Hex32 = field(zh="随机数", en="16 random bytes", client=True, example="00" * 16)
    suite: Word = field(zh="算法套件", en="algorithms", choices={"intl": "国际算法"}, client=True, example="intl")
    meaning: Word = field(zh="规则版本", en="version of the rules", choices={"1": "第一版"}, client=True, example="1")
    roots: list[Root] = field(zh="根密钥", en="founding keys", client=True)
    root_quorum: Count = field(
        zh="根密钥法定数", en="how many roots recover the ledger", client=True, example=1
    )
    ledger_key: PublicKey = field(zh="台账密钥", en="the key that signs checkpoints", client=True)
    roles: list[RoleRow] = field(zh="角色表", en="which roles may record which kind", client=True)
    policy: list[PolicyRow] = field(zh="复核规则", en="which kinds wait for a second person", client=True)


class AuthorityRegister(
    Kind,
    kind="authority.register",
    zh="登记机构",
    en="register a body",
    stream="keys",
    by=("administrator",),
    second="registration",
):
    """A body that holds money, or acts: by division code (GB/T 2260, villages 12 digits) or a short code."""

    code: Code = field(zh="机构代码", en="code", new="authority", book=True, example="999901")
    name: Text = field(zh="机构名称", en="name", example="示例县")
    level: Word = field(
        zh="级次", en="level; a department has its parent's", choices=LEVELS, example="county"
    )
    parent: Code | None = field(zh="上级机构", en="parent", ref="authority", example="990000")
    type: Word | None = field(zh="机构类型", en="type", choices=BODY_TYPES, example="government")
    function: Text | None = field(zh="职能", en="function", example="财政")
    uscc: Text | None = field(zh="统一社会信用代码", en="unified social credit code")


class OfficerEnroll(
    Kind,
    kind="officer.enroll",
    zh="登记人员",
    en="enrol an officer",
    stream="keys",
    by=("administrator",),
    second="enrolment",
):
    """An officer, a key, an authority and roles; rights hold from the next entry on."""

    officer: OfficerId = field(zh="人员代号", en="short id", new="officer", example="li")
    name: Text = field(zh="姓名", en="name", example="李某")
    authority: Code = field(zh="所属机构", en="authority", ref="authority", book=True, example="999901")
    roles: list[Word] = field(zh="角色", en="roles", choices=ROLES, example=["programme", "handler"])
    algorithm: Word = field(zh="算法", en="algorithm", choices={"ed25519": "Ed25519"}, client=True, example="ed25519")
    public_key: Base64 = field(zh="公钥", en="public key, or the name it has in the key store", example="li")
    possession: Base64 = field(
        zh="持有证明", en="the key's signature over origin, officer and key id", completed=True
    )
    person: OfficerId | None = field(
        zh="人", en="the person; two keys of one person count once", example="li"
    )


class OfficerRotate(
    Kind,
    kind="officer.rotate",
    zh="更换密钥",
    en="replace an officer's key",
    stream="keys",
    by=("administrator",),
    second="enrolment",
):
    """The officer signs with another key from the next entry on; officers may replace their own."""

    officer: OfficerId = field(zh="人员代号", en="officer", ref="officer", example="li")
    algorithm: Word = field(zh="算法", en="algorithm", choices={"ed25519": "Ed25519"}, client=True, example="ed25519")
    public_key: Base64 = field(zh="公钥", en="public key, or the name it has in the key store", example="li-2")
    possession: Base64 = field(
        zh="持有证明", en="the key's signature over origin, officer and key id", completed=True
    )
    reason: Text | None = field(zh="原因", en="reason", example="定期更换")


class LedgerRotate(
    Kind,
    kind="ledger.rotate",
    zh="更换台账密钥",
    en="replace the key that signs checkpoints",
    stream="keys",
    by=("administrator",),
    second="enrolment",
):
    """Checkpoints of greater sizes are signed by another key; the old one stays good for those before."""

    algorithm: Word = field(zh="算法", en="algorithm", choices={"ed25519": "Ed25519"}, client=True, example="ed25519")
    public_key: Base64 = field(
        zh="公钥", en="public key, or the name it has in the key store", example="ledger-2"
    )
    possession: Base64 = field(
        zh="持有证明", en="the key's signature over origin, the word ledger and key id", completed=True
    )
    reason: Text = field(zh="原因", en="reason", example="定期更换")


class LedgerRecover(
    Kind,
    kind="ledger.recover",
    zh="恢复台账",
    en="go on after a lost head",
    stream="keys",
    by=("administrator",),
):
    """A root states that the history beyond this one, up to the head named, is lost; it holds once a quorum of roots says so."""

    size: Count = field(zh="失去的条目数", en="the size of the lost head", completed=True)
    root: Base64 = field(zh="失去的树根", en="the root of the lost head, base64", completed=True)
    reason: Text = field(zh="原因", en="reason", example="由备份恢复")


class PolicySet(
    Kind,
    kind="policy.set",
    zh="设定复核规则",
    en="set which kinds wait for a second person",
    stream="keys",
    by=("administrator",),
    second="policy",
):
    """Replaces the second-person policy from the next entry on; what always waits does so under every policy."""

    policy: list[PolicyRow] = field(zh="复核规则", en="standard, small, or a file of rows", example="standard")
    reason: Text | None = field(zh="原因", en="reason", example="人员增加")


class OfficerRevoke(
    Kind,
    kind="officer.revoke",
    zh="撤销密钥",
    en="revoke an officer's key",
    stream="keys",
    by=("administrator",),
    second="enrolment",
):
    """The officer's key signs nothing from the next entry on; what it signed before stays valid, and since a position is suspect."""

    officer: OfficerId = field(zh="人员代号", en="officer", ref="officer", example="li")
    reason: Text = field(zh="原因", en="reason", example="调离")
    since: Count | None = field(zh="自条目", en="the seq from which its entries are doubtful")


class EntryConfirm(
    Kind, kind="entry.confirm", zh="复核", en="confirm an entry as second person", stream="keys"
):
    """A second person lets a waiting entry take effect, and this entry carries its moves; or vouches for a suspect one."""

    entry: EntryRef = field(zh="条目", en="the waiting entry", ref="entry", example="7")
    reason: Text | None = field(zh="说明", en="reason")


class EntryVoid(
    Kind,
    kind="entry.void",
    zh="确认无效条目",
    en="acknowledge a void or ahead entry",
    stream="keys",
    by=("administrator", "auditor", "reviewer"),
    second="always",
):
    """Two persons acknowledge an entry that verify names: a void one has no effect, an ahead one keeps its effect.

    With `to` every such entry from one to the other, which are at most 1,000; all of them void, where void ones are meant.
    """

    entry: EntryRef = field(zh="条目", en="the entry that verify names", ref="entry", example="7")
    finding: Word = field(
        zh="性质", en="void or ahead", choices={"void": "无效", "ahead": "时间超前"}, client=True, example="void"
    )
    reason: Text = field(zh="原因", en="reason", example="由不合规的客户端写入")
    to: EntryRef | None = field(zh="至条目", en="the last of a range of them, where several are meant", ref="entry")


class EntryReverse(
    Kind, kind="entry.reverse", zh="红字冲销", en="reverse an entry", stream="keys", second="correction"
):
    """Swaps what an entry (or its confirmation) moved; once, and not under something built upon it."""

    entry: EntryRef = field(zh="条目", en="the entry to reverse", ref="entry", example="7")
    reason: Text = field(zh="原因", en="reason", example="金额录入错误")


class BookState(
    Kind,
    kind="book.state",
    zh="账册结点",
    en="state a book's count and totals",
    stream="keys",
    by=("administrator", "finance", "publisher", "auditor", "clerk"),
):
    """How many entries a book holds, and what the accounts of its body hold; a report is drawn at its newest block."""

    book: Book = field(zh="账册", en="book and stream", book=True, example="999901/money")
    count: Count = field(zh="条目数", en="entries in the book so far", client=True, example=4)
    totals: list[Total] = field(zh="账户余额", en="totals over quotas, sorted, no zeros", client=True)
    void: list[Count] | None = field(zh="无效条目", en="every void entry of the ledger before this one", client=True)
    rules: list[Count] | None = field(zh="规则变更", en="where a policy or another ledger key took effect", client=True)
