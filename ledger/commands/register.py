"""The commands of the ledger itself, as declared to the command tree; the doors through which their modules are loaded."""

from types import ModuleType

from ledger.commands.tree import Tree

NOUNS = {
    "quota": "预算指标 / budget quotas",
    "project": "项目 / projects",
    "payment": "支付 / payments",
    "entry": "复核、冲销、确认无效 / confirm, reverse, void entries",
    "household": "农户 / households",
    "import": "导入 / bring in",
    "book": "账册 / books",
    "report": "公告（PDF） / papers (PDF)",
    "checkpoint": "签发检查点，交外部保存 / sign a head for others to keep",
    "export": "导出 / take out",
    "officer": "人员与密钥 / officers and keys",
    "authority": "机构 / bodies",
    "policy": "复核规则 / second persons",
    "person": "个人信息 / personal data",
    "ledger": "台账密钥与恢复 / the ledger's key, recovery",
}
# The first page, as people use the commands.
SECTIONS = (
    ("每日 / every day", ("status", "todo", "quota", "project", "payment", "entry", "household", "import", "book")),
    ("查账 / look and verify", ("log", "changes", "show", "balance", "trace", "signers", "verify")),
    ("对外 / for others", ("report", "checkpoint", "prove", "check", "compare", "witness", "export")),
    ("人员与密钥 / people and keys", ("officer", "authority", "policy", "person", "ledger")),
    ("维护 / upkeep", ("init", "doctor", "kinds", "rebuild", "migrate", "demo", "help")),
)


def register(tree: Tree) -> None:
    """Declare them: path, words, function, examples."""
    add = tree.add
    add("status", "台账现状：末端、待办、检查点 / head, open work, last checkpoint", lambda: _status().status, "sunledger status")
    add("todo", "待办：谁可以做什么；加 --as 只看此人可办的 / open work; with --as, what that officer could do", lambda: _status().todo_command,
        "sunledger todo", "sunledger todo --as li")  # fmt: skip
    add("log", "流水：最新 50 条，或按条件查找 / the journal: the newest 50 entries, or those you ask for", lambda: _journal().log,
        "sunledger log", "sunledger log --payee 水利 --amount-over 10000元 --recorded-since 2025-03-01", "sunledger log --csv -o log.csv")  # fmt: skip
    add("changes", "两个检查点之间新增的每一条，迟登、补登旧日期的标出 / each entry that came between two heads; late and back-dated ones are marked",
        lambda: _changes().changes, "sunledger changes monday.note", "sunledger changes monday.note friday.note --csv -o 变动.csv")  # fmt: skip
    add("show", "一条条目的全部内容 / one entry whole", lambda: _show().show, "sunledger show PAY-1")
    add("balance", "余额：按机构、指标、环节、项目 / what accounts hold", lambda: _reads().balance, "sunledger balance --by holder,stage")
    add("trace", "追踪资金：一笔支付、一个指标、项目或机构的钱从哪里来，到哪里去 / where money came from and went", lambda: _reads().trace,
        "sunledger trace PAY-1 --up", "sunledger trace 2025-C-01 --down", "sunledger trace 999901")  # fmt: skip
    add("signers", "何人以何密钥签了哪些条目 / who signed what, by key and range", lambda: _signers().signers, "sunledger signers")
    add("verify", "完整核验：逐字节、逐规则、逐派生行 / the whole proof", lambda: _proof().verify, "sunledger verify --against county.checkpoint")
    add("prove", "出具条目证明：一条为 tlog-proof，多条或一笔支付的全部条目为披露文件 / prove entries, or all of one payment by its id: one as a tlog-proof, more as a disclosure",
        lambda: _prove().prove, "sunledger prove PAY-1 -o payment.proof")  # fmt: skip
    add("check", "离线检查证明文件，无需台账 / check proofs offline, without the ledger", lambda: _check().check,
        "sunledger check payment.proof --trust county.checkpoint")  # fmt: skip
    add("compare", "比较两份历史：相同、延续或分叉 / same, extends or fork", lambda: _compare().compare,
        "sunledger compare monday.note friday.note", "sunledger compare 公告.pdf county.db -o fork.json")  # fmt: skip
    add("witness", "见证：核对历史只增未改，再加签检查点 / cosign a head that extends the last one", lambda: _witness().witness,
        "sunledger --keys witness-keys --as auditor witness monday.note -o monday.cosigned --first-time")  # fmt: skip
    add("init", "新建台账：根密钥、台账密钥、第0条 / make a ledger, its keys and entry 0", lambda: _setup().init,
        "sunledger init --origin demo.example/county --name 示例县台账 --policy small")  # fmt: skip
    add("doctor", "体检：数据库、防改触发器、字体、时钟、密钥 / what is well and what is not", lambda: _doctor().doctor, "sunledger doctor")
    add("kinds", "可登记的事项；一种事项的字段、权限、示例 / what can be recorded", lambda: _kinds().kinds, "sunledger kinds payment.request")
    add("rebuild", "由条目重建派生表 / make the derived tables again", lambda: _setup().rebuild, "sunledger rebuild")
    add("migrate", "旧版台账升级到本版表结构，条目不动 / bring an older ledger to this release's schema; entries stay as they are",
        lambda: _setup().migrate, "sunledger migrate")  # fmt: skip
    add("officer new-key", "新建人员密钥，存入密钥库 / make an officer's key", lambda: _people().new_key, "sunledger officer new-key li")
    add("officer possession", "为已有密钥出具持有证明，供登记或更换 / sign that a key is held, for enroll or rotate elsewhere",
        lambda: _people().possession, "sunledger officer possession li --origin demo.example/county")  # fmt: skip
    add("officer list", "已登记人员 / officers", lambda: _people().officers, "sunledger officer list")
    add("authority list", "已登记机构 / bodies", lambda: _people().authorities, "sunledger authority list")
    add("person shred", "销毁已依法删除者的密钥（保管密钥库者执行，可重复） / destroy the keys of those whose data was erased",
        lambda: _person().shred, "sunledger person shred --vault vault")  # fmt: skip
    add("person same", "同一账号、证件、电话出现在不同人员名下的条目（不显示其值） / one account, identity or phone under several persons",
        lambda: _person().same, "sunledger person same --vault vault")  # fmt: skip
    add("checkpoint", "签发检查点，交外部保存 / sign a head for others to keep", lambda: _checkpoint().checkpoint,
        "sunledger checkpoint -o county.checkpoint")  # fmt: skip
    add("checkpoint add-signature", "合并同一检查点各副本的签名 / put the signatures of copies of one checkpoint together",
        lambda: _checkpoint().add_signature, "sunledger checkpoint add-signature a.cosigned b.cosigned -o both.cosigned")  # fmt: skip
    add("book state", "账册结点：登记一个机构各账册的条目数与余额，供公告使用 / state a body's books", lambda: _proof().book_state,
        "sunledger book state --book 999901")  # fmt: skip
    add("import notice", "转录公开文件：来源、明细、文号、原文疑点；全部登记或全部不登记 / published notices, all or none",
        lambda: _intake().import_notice, "sunledger import notice notices.json --dry-run")  # fmt: skip
    add("export bundle", "导出证据包：全部条目、封签、检查点 / everything a stranger needs", lambda: _proof().export_bundle,
        "sunledger export bundle -o county.zip")  # fmt: skip
    add("export verifier", "独立核验程序：一个文件，只需 Python 和 cryptography / the stand-alone verifier: one file, needs Python and cryptography",
        lambda: _handout().export_verifier, "sunledger export verifier -o verify.py")  # fmt: skip
    add("export format", "格式说明：台账、公告、证明的每个字节 / the format page: every byte of ledgers, papers and proofs",
        lambda: _handout().export_format, "sunledger export format -o format.md")  # fmt: skip
    add("help", "一条命令的说明；通用选项 / the page of a command; general options", lambda: _pages().help_command,
        "sunledger help payment request", "sunledger help options")  # fmt: skip


def _changes() -> ModuleType:
    from ledger.commands import changes

    return changes


def _check() -> ModuleType:
    from ledger.commands import check

    return check


def _checkpoint() -> ModuleType:
    from ledger.commands import checkpoint

    return checkpoint


def _compare() -> ModuleType:
    from ledger.commands import compare

    return compare


def _handout() -> ModuleType:
    from ledger.commands import handout

    return handout


def _doctor() -> ModuleType:
    from ledger.commands import doctor

    return doctor


def _intake() -> ModuleType:
    from ledger.commands import intake

    return intake


def _journal() -> ModuleType:
    from ledger.commands import journal

    return journal


def _kinds() -> ModuleType:
    from ledger.commands import kinds

    return kinds


def _pages() -> ModuleType:
    from ledger.commands import pages

    return pages


def _people() -> ModuleType:
    from ledger.commands import people

    return people


def _person() -> ModuleType:
    from ledger.commands import person

    return person


def _proof() -> ModuleType:
    from ledger.commands import proof

    return proof


def _prove() -> ModuleType:
    from ledger.commands import prove

    return prove


def _reads() -> ModuleType:
    from ledger.commands import reads

    return reads


def _setup() -> ModuleType:
    from ledger.commands import setup

    return setup


def _show() -> ModuleType:
    from ledger.commands import show

    return show


def _signers() -> ModuleType:
    from ledger.commands import signers

    return signers


def _status() -> ModuleType:
    from ledger.commands import status

    return status


def _witness() -> ModuleType:
    from ledger.commands import witness

    return witness
