"""One bad call a line: exit code, error code, what is typed, words that must be said. Nothing of it may be recorded.

`WORLD` is what stands before; in a line `{quota}` and the like are the beginnings of commands in `SHORT`.
"""

KEY = "6uS4oLRdYUyHbLb0ukGnsPkjX4xT9xvLrnGCSA9nzHQ="  # a sound point that is nobody's key
WORLD = """
--as root authority register --code 990002 --name 外省 --level province --yes
officer new-key zhao
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles finance,reviewer --public-key zhao --yes
officer new-key sun
--as root officer enroll --officer sun --name 孙某 --authority 999901 --roles handler --public-key sun --yes
--as root officer revoke --officer sun --reason 调离 --yes
officer new-key both
--as root officer enroll --officer both --name 某某 --authority 999901 --roles handler,approver --public-key both --yes
officer new-key stranger
--as wang quota receive --quota AMB --holder 999901 --amount 5 --year 2025 --source-level city --yes
--as li project propose --project AMB --county 999901 --name 重名 --yes
--as wang quota receive --quota Q3 --holder 999901 --amount 5 --year 2025 --source-level city --yes --id Q3R
--as wang entry reverse --entry Q3R --reason 重复 --yes --id REV
--as zhao entry confirm --entry REV --yes --id CONF
--as wang quota receive --quota Q4 --holder 999901 --amount 5 --year 2025 --source-level city --yes --id Q4R
--as wang entry reverse --entry Q4R --reason 重复 --yes --id REV4
--as li payment request --payment PAY-S --project P1 --amount 2 --payee 示例公司 --yes
--as wang payment approve --payment PAY-S --yes
--as both payment request --payment PAY-B --project P1 --amount 2 --payee 示例公司 --yes
--as wang book state --book 999901 --yes
--as li household enroll --household H-1 --place 999901 --head @personal --vault vault --yes
--as root person erase --person H-1 --reason 本人申请 --yes --id ERA
--as zhao entry confirm --entry ERA --yes
person shred --vault vault
--as root ledger recover --size 120 --root AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= --reason 由备份恢复 --yes
checkpoint
"""
SHORT = {
    "quota": "--as wang quota receive --quota QX --holder 999901 --year 2025 --source-level province --yes",
    "money": "--as wang quota receive --quota QX --holder 999901 --year 2025 --source-level province --amount 1 --yes",
    "project": "--as li project propose --project PX --county 999901 --name 名称 --yes",
    "named": "--as li project propose --project PX --county 999901 --yes --name",
    "fund": "--as wang project fund --project P1 --yes",
    "ask": "--as li payment request --payment PAY-X --project P1 --payee 示例公司 --yes",
    "pay": "--as wang payment approve --payment PAY-1 --yes",
    "reverse": "--as wang entry reverse --reason 错误 --yes --entry",
    "house": "--as li household enroll --household H-2 --place 999901 --yes",
    "lost": "ledger recover --reason 由备份恢复 --yes --size 120 --root",
    "enroll": "--as root officer enroll --officer x --name 某 --authority 999901 --roles handler --yes --public-key",
}
AMOUNTS = ("1,00,000", "1,000.5.0", "5¥", "1e3", "1_000", "-1", "-0", "0", "0.00", "0.005元", "0.0000001万元", "(1.00)", "١٢٣", "²", "NaN",
           "inf", "0x10", "1.", ".5", "01", "1 000元", "1元元", "万元", "1块", "1千万", "一百元", "9223372036854775808",
           "90071992547409.92", "9" * 5000)  # fmt: skip
DAYS = ("2026-02-30", "2026-13-01", "26-2-3", "20260203", "今天", "2026-02-03T00:00:00", "2026-2/3", "''")
IDS = ("123", "'a b'", "中文", "x" * 65, "'a\nb'", "\"a'; DROP TABLE entries;--\"", "a:b", "é")
TEXTS = ("a\u200bb", "a\u202eb", "e\u0301", "'\x1b[31mred'", "'a\nb'", "'a\tb'", "\x85", "\ufeffx", "\U000e0041", "\ufdd0", "''",
         "x" * 4001, "x" * 130_000)  # fmt: skip

SAMPLES: list[tuple[int, str, str, str]] = [
    *((3, "INPUT.AMOUNT", f"{{quota}} --amount {amount}", "--amount") for amount in AMOUNTS if "(" not in amount and " " not in amount),
    *((3, "INPUT.AMOUNT", f"{{fund}} --quota 'Q1={amount}'", "--quota") for amount in AMOUNTS),
    *((3, "INPUT.DATE", f"{{money}} --occurred-on {day}", "--occurred-on") for day in DAYS),
    *((3, "INPUT.DATE", f"{{money}} --issued-on {day}", "--issued-on") for day in DAYS),
    *((3, "INPUT.ID", f"{{money}} --id {id}", "id") for id in IDS if id not in ("é",)),
    *((3, "INPUT.FIELD", f"--as wang quota receive --quota {id} --holder 999901 --year 2025 --source-level city --amount 1", "--quota")
      for id in IDS if id not in ("123", "'a\nb'")),
    *((3, "INPUT.FIELD" if text in ("''", "x" * 4001, "x" * 130_000) else "INPUT.TEXT", f"{{named}} {text}", "--name") for text in TEXTS),
    *((3, "INPUT.TEXT", f"{{pay}} --reason {text}", "--reason") for text in TEXTS[:3]),
    # --- the command line
    (2, "USAGE", "nope", "no command 'nope'"),
    (2, "USAGE", "quota receve", "did you mean receive"),
    (2, "USAGE", "status extra", "too many: extra"),
    (2, "USAGE", "--lang fr status", "--lang"),
    (2, "USAGE", "--ledger '' status", "--ledger is empty"),
    (2, "USAGE", "{money} --id ''", "--id is empty"),
    (2, "USAGE", "--ledger", "needs a value"),
    (2, "USAGE", "payment reject --payment PAY-1", "option --reason (reason) is needed"),
    (2, "USAGE", "show", "is needed behind"),
    (2, "USAGE", "trace 5 --up --down", "not both"),
    (2, "USAGE", "balance --by moon", "--by"),
    (2, "USAGE", "{ask}", "--amount is needed"),
    (2, "USAGE", "{ask} --quota Q1", "--amount is needed"),
    (2, "USAGE", "{ask} --quota Q1=1 --quota Q2", "each its amount"),
    (2, "USAGE", "{fund} --amount 1", "--quota is needed"),
    (2, "USAGE", "{pay} --payment PAY-B --id X", "one entry"),
    (2, "USAGE", "{enroll} " + KEY, "--possession is needed"),
    (2, "USAGE", "quota receive --quota QX --holder 999901 --year 2025 --source-level city --amount 1 --yes", "--as"),
    (2, "USAGE", "log -o x.xlsx", ".csv"),
    (2, "USAGE", "report allocation --book 999901 --year x -o x.pdf", "--year"),
    (2, "USAGE.PROVE", "prove -o x.proof", "prove"),
    (2, "USAGE.KEY", "check text --trust a+b+c", "--trust"),
    (2, "USAGE.LENGTH", "{named} " + "x" * 132_000, "too long"),
    # --- wrong whatever the ledger holds
    (3, "INPUT.FIELD", "{money} --fund-nature moon", "special"),
    (3, "INPUT.FIELD", "{project} --derived maybe", "--derived"),
    (3, "INPUT.FIELD", "--as wang quota receive --quota Q2 --holder 999901 --amount 1 --year 25 --source-level city --yes", "--year"),
    (3, "INPUT.FIELD", "--as root officer enroll --officer x --name x --authority 999901 --roles king --public-key li --yes", "--roles"),
    (3, "INPUT.FIELD", "{ask} --quota =1", "--quota"),
    (3, "INPUT.NUMBER", "{project} --households １", "--households"),
    (3, "INPUT.NUMBER", "{project} --households -1", "--households"),
    (3, "INPUT.NUMBER", "{project} --persons 1e3", "--persons"),
    (3, "INPUT.LEGS", "{pay} --quota Q1=0.4 --quota Q1=0.6", "named twice"),
    (3, "INPUT.SUM", "{ask} --quota Q1=1 --amount 2", "1.00"),
    (3, "INPUT.SAME", "--as wang quota release --quota Q1 --to 999901 --amount 1 --yes", "both"),
    (3, "INPUT.LEVEL", "--as root authority register --code 7 --name x --level province --parent 999901 --yes", "does not fit"),
    (3, "INPUT.KEY", "{enroll} AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= --possession AAAA", "sound"),
    (3, "INPUT.KEY_NAME", "{enroll} ../li", "name for a key"),
    (3, "INPUT.KEY_NAME", "officer new-key ../x", "name for a key"),
    (3, "INPUT.KEY_NAME", "--as 李某 project propose --project PX --county 999901 --name x --yes", "name for a key"),
    (3, "INPUT.ORIGIN", "--ledger other.db init --origin Bad --yes", "origin"),
    (3, "INPUT.ORIGIN", "officer new-key x --origin 'a b'", "origin"),
    (3, "INPUT.POLICY", "--ledger other.db init --origin a.b/c --policy none --yes", "standard"),
    (3, "INPUT.MODE", "--ledger other.db init --origin a.b/c --mode moon --yes", "--mode"),
    (3, "INPUT.TEXT", "--ledger other.db init --origin a.b/c --name '\u200b' --yes", "--name"),
    (3, "INPUT.LEDGER", "--ledger . status", "regular file"),
    (3, "INPUT.LEDGER", "--ledger mysql://x/y status", "kind of ledger"),
    (3, "INPUT.DATE", "balance --as-of 2026-02-30", "--as-of"),
    (3, "INPUT.DATE", "log --since x", "--since"),
    (3, "INPUT.DATE", "log --until 20260101", "2026-01-01"),
    (3, "INPUT.CHECKPOINT", "balance --at text", "not a checkpoint"),
    (3, "INPUT.CHECKPOINT", "verify --against text", "not a checkpoint"),
    (3, "INPUT.FILE", "verify --against .", "regular file"),
    (3, "INPUT.FILE", "checkpoint -o .", "folder"),
    (3, "INPUT.FILE", "checkpoint -o fifo", "regular file"),
    (3, "INPUT.FILE", "{project} --passphrase-file /dev/zero", "regular file"),
    (3, "INPUT.FILE", "{project} --passphrase-file nothing", "does not exist"),
    (3, "INPUT.PATH", "checkpoint -o ''", "not a path"),
    (3, "INPUT.FILE", "import notice . --yes", "regular file"),
    (3, "INPUT.FILE", "import notice fifo --yes", "regular file"),
    (3, "INPUT.FILE", "import notice /dev/zero --yes", "regular file"),
    (3, "INPUT.FILE", "import notice nothing --yes", "does not exist"),
    (3, "INPUT.FILE", "import notice dangling --yes", "does not exist"),
    (3, "INPUT.SIZE", "import notice huge --yes", "larger"),
    (3, "INPUT.JSON", "import notice passwd --yes", "line 1"),
    (3, "INPUT.JSON", "import notice deep --yes", "nested"),
    (3, "INPUT.JSON", "import notice county.db --yes", "UTF-8"),
    (3, "INPUT.NOTICE", "import notice null --yes", "notice 1"),
    (3, "INPUT.PSEUDONYM", "{ask} --amount 1 --payee-type person", "pseudonym"),
    (3, "INPUT.POLICY", "--as root policy set --policy none --yes", "standard"),
    (3, "INPUT.ROOTS", "--ledger other.db init --origin a.b/c --root-quorum 2 --yes", "quorum of 2"),
    (3, "INPUT.ROOTS", "--ledger other.db init --origin a.b/c --root-quorum 0 --yes", "quorum of 0"),
    (3, "INPUT.ROOTS", f"--ledger other.db init --origin a.b/c --root anna={KEY} --yes", "POSSESSION"),
    (3, "INPUT.FIELD", "--as root {lost} AAAA", "32 bytes"),
    (3, "INPUT.FIELD", "--as root officer revoke --officer li --reason x --since 99999 --yes", "lies after"),
    (3, "INPUT.NUMBER", "--as root officer revoke --officer li --reason x --since -1 --yes", "--since"),
    (3, "INPUT.FIELD", "--as li household enroll --household 'H 2' --place 999901 --yes", "--household"),
    (3, "INPUT.TEXT", "{house} --head @tabbed --vault vault", "head"),
    *((2, "USAGE", f"{{house}} --{name} 87654319510203871X --vault vault", f"--{name}") for name in ("head", "identity", "phone", "address", "account")),
    (2, "USAGE", "{ask} --amount 1 --account 9988770000123456781 --vault vault", "--account"),
    (3, "REPORT.EMPTY", "report allocation --book 999901 --year 1999 -o x.pdf", "nothing of 1999"),
    # --- who
    (4, "RIGHTS.KEY", "--as nobody project propose --project PX --county 999901 --name x --yes", "nobody"),
    (4, "RIGHTS.KEY", "--as stranger project propose --project PX --county 999901 --name x --yes", "stranger"),
    (4, "RIGHTS.KEY", "--keys empty project propose --project PX --county 999901 --name x --yes", "empty"),
    (4, "RIGHTS.KEY_REUSED", "{enroll} li", "seen before"),
    (4, "RIGHTS.POSSESSION", "{enroll} " + KEY + " --possession " + "A" * 86 + "==", "did not sign"),
    (4, "RIGHTS.REVOKED", "--as sun payment request --payment PAY-X --project P1 --payee x --amount 1 --yes", "was revoked"),
    (4, "RIGHTS.ROLE", "--as li payment approve --payment PAY-1 --yes", "may not record payment.approve"),
    (4, "RIGHTS.ROLE", "--as root payment approve --payment PAY-1 --yes", "approver, treasury"),
    (4, "RIGHTS.ROLE", "--as li project fund --project P1 --quota Q1 --amount 1 --yes", "finance"),
    (4, "RIGHTS.ROLE", "--as wang authority register --code 7 --name x --level province --yes", "administrator"),
    (4, "RIGHTS.ROLE", "--as li book state --book 999901 --yes", "may not record book.state"),
    (4, "RIGHTS.JURISDICTION", "--as wang quota release --from 990000 --quota Q1 --to 999901 --amount 1 --yes", "jurisdiction"),
    (4, "RIGHTS.JURISDICTION", "--as li project propose --project PX --county 990002 --name x --yes", "jurisdiction"),
    (4, "RIGHTS.SAME_PERSON", "--as both payment approve --payment PAY-B --yes", "another person"),
    (4, "RIGHTS.SAME_PERSON", "--as both payment reject --payment PAY-B --reason x --yes", "another person"),
    (4, "RIGHTS.SAME_PERSON", "--as wang entry confirm --entry REV4 --yes", "another person"),
    (4, "RIGHTS.SAME_PERSON", "--as root officer enroll --officer x --person root --name x --authority 999901 --roles handler --public-key stranger --yes", "own person"),
    (4, "RIGHTS.ROLE", "--as li {lost} AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "may not record ledger.recover"),
    (4, "RIGHTS.ROLE", "--as wang officer rotate --officer li --public-key stranger --yes", "may not record officer.rotate"),
    (4, "RIGHTS.ROLE", "--as wang policy set --policy small --yes", "may not record policy.set"),
    (4, "RIGHTS.ROLE", "--as zhao person erase --person H-1 --reason x --yes", "may not record person.erase"),
    (4, "RIGHTS.KEY_REUSED", "--as li officer rotate --officer li --public-key wang --yes", "seen before"),
    (4, "RIGHTS.POSSESSION", "--as root officer rotate --officer li --yes --public-key " + KEY + " --possession " + "A" * 86 + "==", "did not sign"),
    (4, "RIGHTS.JURISDICTION", "--as li household enroll --household H-2 --place 990002 --yes", "jurisdiction"),
    # --- what a read names is absent
    (5, "NOT_FOUND.ENTRY", "show 999", "no entry"),
    (5, "NOT_FOUND.ENTRY", "show NOPE", "no entry"),
    (5, "NOT_FOUND.ENTRY", "show " + "9" * 5000, "no entry"),
    (5, "NOT_FOUND.ENTRY", "show \"' OR '1'='1\"", "no entry"),
    (5, "NOT_FOUND.ENTRY", "trace 999", "no entry"),
    (5, "NOT_FOUND.PROJECT", "balance --project NOPE", "no project"),
    (5, "NOT_FOUND.QUOTA", "balance --quota \"Q1' OR '1'='1\"", "no quota"),
    (5, "NOT_FOUND.BODY", "balance --holder %", "no body"),
    (5, "NOT_FOUND.PROJECT", "log --project %", "no project"),
    (5, "NOT_FOUND.OFFICER", "log --officer \"x' UNION SELECT 1--\"", "no officer"),
    (5, "NOT_FOUND.BODY", "log --book \"999901' OR '1'='1\"", "no body"),
    (5, "NOT_FOUND.KIND", "log --kind \"'; DROP TABLE entries;--\"", "no kind"),
    (5, "NOT_FOUND.KIND", "kinds nope", "no kind"),
    (5, "NOT_FOUND.POSITION", "balance --at 999", "the ledger has"),
    (5, "NOT_FOUND.POSITION", "log --at " + "9" * 5000, "the ledger has"),
    (5, "NOT_FOUND.FILE", "verify --against nothing", "does not exist"),
    (5, "NOT_FOUND.LEDGER", "--ledger nothing.db status", "no ledger"),
    (5, "NOT_FOUND.BODY", "report allocation --book NOPE --year 2025 -o x.pdf", "no body"),
    # --- the ledger's state says no
    (6, "BALANCE.SHORT", "{ask} --amount 995.01", "lacks 0.01 yuan"),
    (6, "BALANCE.SHORT", "{fund} --quota Q1 --amount 999000.01", "lacks 0.01 yuan"),
    (6, "BALANCE.SHORT", "--as wang quota release --quota Q1 --to 990000 --amount 999000.01元 --yes", "lacks 0.01 yuan"),
    (6, "BALANCE.REQUEST", "{pay} --quota Q1=1.01", "more than"),
    (6, "BALANCE.REQUEST", "{pay} --amount 2", "more than"),
    (6, "REFERENCE.QUOTA", "{fund} --quota NOPE --amount 1", "not known"),
    (6, "REFERENCE.QUOTA", "{fund} --quota Q3 --amount 1", "Q3"),
    (6, "REFERENCE.PROJECT", "--as li payment request --payment X --project NOPE --amount 1 --payee x --yes", "not known"),
    (6, "REFERENCE.PAYMENT", "--as wang payment approve --payment NOPE --yes", "not known"),
    (6, "REFERENCE.SETTLED", "--as wang payment approve --payment PAY-S --yes", "nothing left"),
    (6, "REFERENCE.SETTLED", "{pay} --payment PAY-1", "nothing left"),
    (6, "REFERENCE.AUTHORITY", "--as root authority register --code 7 --name x --level county --parent NOPE --yes", "not known"),
    (6, "REFERENCE.AUTHORITY", "--as wang quota release --quota Q1 --to NOPE --amount 1 --yes", "not known"),
    (6, "REFERENCE.AUTHORITY", "--as wang book state --book NOPE --yes", "not known"),
    (6, "REFERENCE.OFFICER", "--as root officer revoke --officer nope --reason x --yes", "not known"),
    (6, "REFERENCE.OFFICER", "--as root officer revoke --officer sun --reason x --yes", "revoked already"),
    (6, "REFERENCE.OFFICER", "--as root officer revoke --officer root --reason x --yes", "administrator"),
    (6, "REFERENCE.OFFICER", "--as root officer enroll --officer li --name x --authority 999901 --roles handler --public-key stranger --yes", "enrolled already"),
    (6, "REFERENCE.KEY", "{enroll} nokey", "no key"),
    (6, "REFERENCE.TAKEN", "--as root authority register --code 990000 --name x --level province --yes", "taken"),
    (6, "REFERENCE.TAKEN", "--as li project propose --project 999901 --county 999901 --name x --yes", "taken"),
    (6, "REFERENCE.TAKEN", "--as wang quota receive --quota Q3 --holder 999901 --amount 1 --year 2025 --source-level city --yes", "taken"),
    (6, "REFERENCE.TAKEN", "--as li payment request --payment PAY-1 --project P1 --amount 1 --payee x --yes", "asked for already"),
    (6, "REFERENCE.ENTRY", "{reverse} 999", "not known"),
    (6, "REFERENCE.ENTRY", "--as zhao entry confirm --yes --entry " + "9" * 5000, "not known"),
    (6, "REFERENCE.ENTRY", "--as zhao entry confirm --entry Q3R --yes", "does not wait"),
    (6, "REFERENCE.ENTRY", "--as zhao entry confirm --entry REV --yes", "does not wait"),
    (6, "REFERENCE.ENTRY", "--as root entry void --entry 3 --reason x --yes", "not void"),
    (6, "REFERENCE.AMBIGUOUS", "show AMB", "several entries"),
    (6, "REFERENCE.AMBIGUOUS", "{reverse} AMB", "several entries"),
    (6, "REFERENCE.SUBJECT", "--as root person erase --person NOPE --reason x --yes", "no sealed data"),
    (6, "REFERENCE.ERASED", "--as root person erase --person H-1 --reason x --yes", "was erased by"),
    (6, "REFERENCE.RECOVERY", "--as root {lost} AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "has said already"),
    (6, "REFERENCE.OFFICER", "--as root officer rotate --officer sun --public-key stranger --yes", "is revoked"),
    (6, "REFERENCE.OFFICER", "--as root officer rotate --officer nope --public-key stranger --yes", "not known"),
    (6, "REFERENCE.TAKEN", "--as li household enroll --household H-1 --place 999901 --yes", "enrolled already"),
    (6, "REFUSED.VAULT", "{house} --head @personal", "vault"),
    (6, "DATE.FUTURE", "{money} --occurred-on 2999-01-01", "lies after"),
    (6, "ID.TAKEN", "{money} --id Q3R", "Q3R"),
    (6, "ID.TAKEN", "--as li payment request --payment PAY-X --project P1 --amount 1.01 --payee 示例公司 --id PAY-1 --yes", "1.01"),
    (6, "REVERSAL.TWICE", "{reverse} Q3R", "reversed already"),
    (6, "REVERSAL.BUILT_UPON", "{reverse} Q1", "built upon"),
    (6, "REVERSAL.BUILT_UPON", "--as li entry reverse --entry P1 --reason x --yes", "build on"),
    (6, "REVERSAL.BUILT_UPON", "--as li entry reverse --entry PAY-S --reason x --yes", "decide on"),
    (5, "NOT_FOUND.FILE", "check county.db --trust abcdef", "neither a key"),
    (4, "RIGHTS.KEY", "--keys nowhere --as li project propose --project PX --county 999901 --name x --yes", "no key store"),
    (3, "INPUT.FIELD", "--as li payment request --payment PAY-9 --project P1 --amount 1 --payee ' ' --yes", "--payee"),
    (2, "USAGE", "payment approve —payment PAY-1", "two hyphens"),
    (6, "REFUSED.NOT_LOST", "--as root ledger recover --reason 由备份恢复 --yes", "is not lost"),
    (5, "NOT_FOUND.FOLDER", "init --origin demo.example/x --yes --ledger no/such/folder.db", "no folder"),
    (5, "NOT_FOUND.STAGE", "balance --stage paidd", "no stage"),
    (2, "USAGE", "{pay} --amount 1 --amount 2", "given twice"),
    (2, "USAGE", "--as li payment request --payment PAY-9 --project P1 --amount --payee 示例公司 --yes", "--amount needs a value"),
    (6, "REFUSED.EXISTS", "init --origin demo.example/county --yes", "exists already"),
    (6, "REFUSED.KEY_EXISTS", "officer new-key li", "exists already"),
    (6, "REFUSED.OUTPUT", "checkpoint -o county.db", "the ledger itself"),
    (6, "REFUSED.OUTPUT", "export bundle -o county.db", "the ledger itself"),
    (6, "REFUSED.OUTPUT", "checkpoint -o keys/li.pem", "key store"),
    (6, "REFUSED.OUTPUT", "balance -o keys/../keys/x.csv", "key store"),
    (6, "REFUSED.MODE", "--as wang import notice good.json --yes", "observing"),
    (6, "REFUSED.NO_BOOK_STATE", "report allocation --book 990000 --year 2025 -o x.pdf", "never stated"),
    # --- storage, versions
    (13, "STORAGE", "checkpoint -o nothing/x", "No such file"),
    (13, "STORAGE", "log -o nothing/x.csv", "No such file"),
    (14, "VERSION.FILE", "--ledger text status", "not a ledger"),
    (14, "VERSION.FILE", "--ledger nil verify", "not a ledger"),
    (14, "VERSION.SCHEMA", "--ledger foreign.db project propose --project PX --county 999901 --name x --yes", "holds no ledger"),
]  # fmt: skip

# Codes that no call on a sound ledger draws: of tampering, of other clients, of machines in trouble.
ELSEWHERE = {
    "REFUSED.CHANGED", "UNDECIDED.SUSPECT", "STORAGE.KEYRING", "RIGHTS.VAULT_FILE",  # in tests/commands and tests/vault
    "BALANCE.MOVES", "BALANCE.TOTALS", "BOOKS.COUNT", "BOOKS.LINE", "BOOKS.STATED", "ID.REPEATED", "REFERENCE.LEDGER",  # other clients
    "REVERSAL.KIND",  # rights are judged first
    "NOT_FOUND.KEY", "NOT_FOUND.TRACE",  # told as RIGHTS.KEY and REFERENCE.KEY; of papers that moved nothing
    "INPUT.SEALED",  # a draft that no command makes: tests/vault
    "INPUT.KIND", "STORAGE.FULL", "STORAGE.IO", "CHECK.UNSIGNED", "STORAGE.MEMORY", "PAPER.FONT", "REFUSED.MIRROR",
}  # fmt: skip
