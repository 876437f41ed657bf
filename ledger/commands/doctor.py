"""The command `doctor`: what is well and what is not, each check with what it saw."""

import os
import stat
from typing import Any

from ledger import __version__
from ledger.calendar import LAST_AT, format_at, system_clock
from ledger.commands.asking import key_store
from ledger.commands.hand import hands_told
from ledger.commands.options import Options, current
from ledger.commands.output import Output
from ledger.commands.readable import local_time
from ledger.commands.reading import memory_trouble, memory_words
from ledger.commands.tree import FURTHER_CHECKS
from ledger.errors import IntegrityFailed
from ledger.service import Ledger
from ledger.store import guards
from ledger.store.keystore import KeyStore
from ledger.store.session import Session

Check = dict[str, Any]
_NAMES = {"hands": "签名", "version": "版本", "guards": "防改触发器", "head": "末端", "memory": "本机记忆", "clock": "时钟", "database": "数据库", "keys": "密钥",
          "fonts": "字体"}  # fmt: skip


class Unwell(IntegrityFailed):
    """Doctor found the schema altered; its answer is already on stdout."""

    answered = True


def doctor() -> None:
    """体检：数据库、防改触发器、字体、时钟、密钥 / what is well and what is not."""
    options = current()
    out, store = options.output, key_store(options)
    ledger = Ledger.open(options.ledger)
    try:
        with ledger.database.reading() as connection:
            problems, warnings = guards.check_guards(connection, ledger.database)
        with ledger.reading() as session:
            hands = [_check("hands", False, line) for line in hands_told(session.state, store, out)["lines"]]
            head = _head_checks(options, session, format_at(ledger.clock()))
        database = _database_check(ledger, out)
    finally:
        ledger.close()
    altered = "; ".join([str(problem["message"]) for problem in problems] + warnings)
    checks = [
        *hands, _check("version", True, f"sunledger {__version__}"),
        _check("guards", not problems, altered or out.words("与本版本所设一致", "as this release sets them")),
        *head, database, _key_check(store, out), *(check() for check in FURTHER_CHECKS),
    ]  # fmt: skip
    marks = {True: out.words("正常", "well"), False: out.words("注意", "mind")}
    lines = [f"{marks[c['ok']]}  {_NAMES.get(c['name'], c['name']) if out.chinese else c['name']}  {c['detail']}" for c in checks]
    out.answer("doctor", {"checks": checks, "ok": all(check["ok"] for check in checks)}, lines)
    if problems:
        raise Unwell.of(problems)


def _check(name: str, ok: bool, detail: str) -> Check:
    return {"name": name, "ok": ok, "detail": detail}


def _head_checks(options: Options, session: Session, now: str) -> list[Check]:
    """The sealed head, what the key store remembers of it, and the clocks."""
    out, tree = options.output, session.tree()
    trouble = memory_trouble(options, session, tree)
    last = session.state.index.times.greatest_claim(LAST_AT)
    here, there = local_time(now, out.chinese), local_time(last, out.chinese)
    return [
        _check("head", True, out.words(f"{session.size} 条，已封签", f"{session.size} entries, sealed")),
        _check("memory", trouble is None or trouble.exit_code != 10, memory_words(options, session, tree, chinese=out.chinese)),
        _check("clock", last <= now, out.words(f"本机 {here}，最后一条 {there}", f"machine {here}, last entry {there}")),
    ]


def _database_check(ledger: Ledger, out: Output) -> Check:
    where = ledger.database.where
    if ledger.database.dialect != "sqlite":
        return _check("database", True, where)
    mode = stat.S_IMODE(os.stat(where).st_mode)
    return _check("database", not mode & 0o077, out.words(f"{where}，权限 {mode:04o}", f"{where}, mode {mode:04o}"))


def _key_check(store: KeyStore, out: Output) -> Check:
    names = list(store.names())
    files = {name: (store.folder / f"{name}.pem").stat() for name in names}
    bare = [name for name in names if not store.is_encrypted(name)]
    shared = [name for name, file in files.items() if file.st_mode & 0o077]
    if bare:
        said = out.words(f"未加密：{'、'.join(bare)}", f"unencrypted: {', '.join(bare)}")
    else:
        said = out.words("均已加密", "all encrypted") if names else out.words("没有密钥", "no keys")
    if shared:
        said += out.words(f"；他人可读：{'、'.join(shared)}", f"; readable by others: {', '.join(shared)}")
    if files:
        days = max(system_clock().timestamp() - file.st_mtime for file in files.values()) / 86400
        said += out.words(f"；最久 {days:.0f} 天", f"; oldest {days:.0f} days")
    return _check("keys", not bare and not shared, f"{store.folder}{out.words('：', ': ')}{said}")
