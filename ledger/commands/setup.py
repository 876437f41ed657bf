"""Commands that make a ledger and look after it: init, doctor, rebuild, migrate."""

from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import b64, key_id, possession_message, public_bytes
from ledger.commands.asking import asked, confirm, key_store
from ledger.commands.fields import in_form, parse_field, word_of
from ledger.commands.hand import require_answerable, signer_of
from ledger.commands.language import one_of
from ledger.commands.options import Options, current
from ledger.commands.output import NOT_BOOKS, NOT_BOOKS_EN
from ledger.commands.policy import policy_rows
from ledger.commands.readable import mode_words
from ledger.commands.system_keyring import is_plain, kept_passphrase
from ledger.errors import InputRejected
from ledger.kinds.declare import KINDS
from ledger.kinds.types import OfficerId
from ledger.service import Founding, FurtherRoot, Ledger
from ledger.store.database import require_new
from ledger.store.keystore import KeyStore, Signer, ledger_key_name
from ledger.store.memory import Memory
from ledger.store.schema import REVISION

ROOT = "root"


def init(
    origin: Annotated[
        str, typer.Option("--origin", help="台账唯一名称，例 demo.example/county / unique name")
    ],
    name: Annotated[str, typer.Option("--name", help="台账中文名称 / name")] = "",
    mode: Annotated[str, typer.Option("--mode", help="control 或 observe / control or observe")] = "control",
    policy: Annotated[
        str, typer.Option("--policy", help="复核规则：standard、small 或文件 / second person: standard, small or a file")
    ] = "standard",
    root: Annotated[
        list[str] | None,
        typer.Option("--root", help="另一根密钥，可多次：密钥名，或 名=公钥:持有证明 / a further root: key name, or NAME=KEY:POSSESSION"),
    ] = None,
    root_quorum: Annotated[
        int, typer.Option("--root-quorum", help="几把根密钥可恢复台账 / how many roots recover the ledger")
    ] = 1,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
) -> None:
    """新建台账：根密钥、台账密钥、第0条 / make a ledger, its keys and entry 0."""
    options = current()
    options.may_record = True
    require_answerable(options, yes=yes)
    mode = word_of(KINDS["ledger.open"].fields["mode"], mode) or mode
    if mode not in ("control", "observe"):
        raise InputRejected("INPUT.MODE", mode=mode)
    name = parse_field(KINDS["ledger.open"].fields["name"], name or origin)
    rows = policy_rows(policy)
    require_new(options.ledger)
    if options.interactive and not yes:
        said = {"唯一名称 / origin": origin, "中文名称 / name": name, "模式 / mode": mode_words(mode, options.chinese), "复核规则 / policy": policy,
                "台账 / ledger": options.ledger, "密钥库 / keys": str(options.keys),
                "根密钥 / roots": ", ".join([ROOT, *(said.partition("=")[0] for said in root or [])]),
                "恢复须签 / quorum": str(root_quorum)}  # fmt: skip
        for label, value in said.items():
            options.output.tell(f"  {one_of(label, options.chinese)}{options.output.words('：', ': ')}{value}")
        confirm(options)
    store = new_key_store(options, ask=not yes)
    new_root = None if store.has(ROOT) else Ed25519PrivateKey.generate()
    ledger_private = Ed25519PrivateKey.generate()
    first = store.signer(ROOT) if new_root is None else Signer(key_id(public_bytes(new_root)), new_root)
    founding = Founding(origin=origin, name=name, root=first, root_name=ROOT, ledger_key=public_bytes(ledger_private),
                        mode=mode, policy=rows, further=[_further_root(store, origin, said) for said in root or []],
                        quorum=root_quorum)  # fmt: skip

    def keep(ledger_id: str) -> None:
        if new_root is not None:
            store.create(ROOT, new_root)
        store.create(ledger_key_name(ledger_id), ledger_private)

    ledger = Ledger.create(options.ledger, founding, keep_keys=keep)
    try:
        with ledger.reading() as session:
            tree = session.tree()
            Memory(store.folder, session.id).confirm(tree)
            hand = signer_of(session.state, first.key)
            payload = {"origin": origin, "size": session.size, "root": tree.root().hex(), "officer": ROOT,
                       "key_id": first.key, "ledger_id": session.id, "mode": mode, "policy": policy,
                       "roots": [found.person for found in session.genesis.roots], "root_quorum": root_quorum,
                       **hand.as_json()}  # fmt: skip
    finally:
        ledger.close()
    words = options.output.words
    lines = [words(f"台账已建：{name}（{origin}）", f"ledger made: {name} ({origin})"),
             words(f"台账编号 {payload['ledger_id']}", f"ledger id {payload['ledger_id']}"),
             hand.line(options.output), words(NOT_BOOKS, NOT_BOOKS_EN)]  # fmt: skip
    options.output.answer("init", payload, lines)
    step = f"sunledger {'import notice …' if mode == 'observe' else 'authority register --code … --name … --level province'}"
    options.output.say(f"下一步：{step}", f"next: {step}")


def _further_root(store: KeyStore, origin: str, said: str) -> FurtherRoot:
    """A further root: a key of this store, or another's with the proof that it is held."""
    name, _, elsewhere = said.partition("=")
    in_form(OfficerId, name, "--root")
    if elsewhere:
        public, sign, possession = elsewhere.partition(":")
        if not sign:
            raise InputRejected("INPUT.ROOTS:form", name=name)
        return FurtherRoot(name, public, possession)
    signer = store.signer(name)
    possession = b64(signer.private.sign(possession_message(origin, name, signer.key)))
    return FurtherRoot(name, b64(public_bytes(signer.private)), possession)


def new_key_store(options: Options, *, ask: bool) -> KeyStore:
    """The key store for a new key; a person at a terminal is asked for a passphrase, an empty one means none."""
    if options.keyring:
        if is_plain():
            options.output.tell(options.output.words("注意：本机的 keyring 以明文保存口令", "mind: this machine's keyring keeps the passphrase in clear"))
        return KeyStore(options.keys, kept_passphrase(options.keys, make=True))
    if not (ask and options.interactive and options.passphrase is None):
        return key_store(options)
    words = options.output.words(
        "新密钥的口令（空则不加密）", "passphrase of the new key (empty: not encrypted)"
    )
    again = options.output.words("再输一次", "again")
    while True:
        said = asked(options, words, hidden=True)
        if said == asked(options, again, hidden=True):
            return key_store(options, said.encode() or None)
        options.output.tell(options.output.words("两次输入的不同，请重新输入", "the two differ; once more"))


def checkpoint_folder(store: KeyStore, ledger_id: str) -> Path:
    """Where signed checkpoints of a ledger are kept."""
    return store.folder / "checkpoints" / ledger_id[:16]


def last_checkpoint(store: KeyStore, ledger_id: str) -> int | None:
    """The size of the greatest checkpoint signed with this key store."""
    sizes = [
        int(path.stem) for path in checkpoint_folder(store, ledger_id).glob("*.note") if path.stem.isdigit()
    ]
    return max(sizes, default=None)


def rebuild() -> None:
    """由条目重建派生表 / make the derived tables again."""
    options = current()
    ledger = Ledger.open(options.ledger)
    try:
        size = ledger.rebuild()
    finally:
        ledger.close()
    options.output.answer("rebuild", {"size": size}, [options.output.words(
        f"已由 {size} 条重建派生表；请再核验：sunledger verify",
        f"derived tables made again from {size} entries; now: sunledger verify",
    )])  # fmt: skip


def migrate() -> None:
    """旧版台账升级到本版表结构，条目不动 / bring an older ledger to this release's schema; entries stay as they are."""
    options = current()
    ledger = Ledger.open(options.ledger)
    try:
        found = ledger.migrate()
    finally:
        ledger.close()
    same = found == REVISION
    options.output.answer("migrate", {"from": found, "to": REVISION}, [options.output.words(
        f"表结构已是本版（{REVISION}）" if same else f"表结构已由 {found} 升级到 {REVISION}；请核验：sunledger verify",
        f"the schema is this release's already ({REVISION})" if same else f"schema {found} brought to {REVISION}; now: sunledger verify",
    )])  # fmt: skip
