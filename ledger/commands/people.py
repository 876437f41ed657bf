"""Commands about who takes part: an officer's keys, and the officers and bodies that are enrolled."""

from collections import Counter
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.header import is_origin
from ledger.chain.keys import b64, possession_message, public_bytes
from ledger.commands.asking import key_store
from ledger.commands.fields import in_form
from ledger.commands.options import Options, current
from ledger.commands.readable import in_words, with_code
from ledger.commands.reading import reading
from ledger.commands.setup import new_key_store
from ledger.errors import InputRejected, Usage
from ledger.kinds.declare import KINDS
from ledger.kinds.types import OfficerId
from ledger.store.keystore import KeyStore


def new_key(
    name: Annotated[str, typer.Argument(help="密钥名称，通常为人员代号 / name of the key")],
    origin: Annotated[str, typer.Option("--origin", help="台账名称；给出持有证明 / to sign possession")] = "",
    officer: Annotated[str, typer.Option("--officer", help="持有证明为谁，默认同密钥名称 / whose the key will be; default NAME")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
) -> None:
    """新建人员密钥，存入密钥库 / make an officer's key."""
    options = current()
    if officer and not origin:
        raise Usage("USAGE:officer_origin")
    _require_origin(origin or "a")
    in_form(OfficerId, officer or "a", "--officer")
    KeyStore(options.keys).require_free(name)
    store = new_key_store(options, ask=not yes)
    private = Ed25519PrivateKey.generate()
    key = store.create(name, private)
    payload = {
        "name": name,
        "key_id": key,
        "public_key": b64(public_bytes(private)),
        "encrypted": store.is_encrypted(name),
    }
    words = options.output.words
    lines = [words(f"密钥 {name} 已建：{key}", f"key {name} made: {key}"),
             words(f"公钥 {payload['public_key']}", f"public key {payload['public_key']}")]  # fmt: skip
    if origin:
        payload["possession"] = b64(private.sign(possession_message(origin, officer or name, key)))
        lines.append(words(f"持有证明 {payload['possession']}", f"possession {payload['possession']}"))
    options.output.answer("officer.new-key", payload, lines)
    options.output.say(f"下一步（管理员；见证人的密钥不登记）：sunledger officer enroll --officer {officer or name} --public-key {name} …",
                       f"next, by an administrator (a witness's key is not enrolled): sunledger officer enroll --officer {officer or name} --public-key {name} …")  # fmt: skip
    if not payload["encrypted"]:
        options.output.say(
            "密钥未加密（仅限本人可读）；加密：--passphrase-file",
            "the key is not encrypted; see --passphrase-file",
        )


def possession(
    name: Annotated[str, typer.Argument(help="密钥名称 / name of the key")],
    origin: Annotated[str, typer.Option("--origin", help="台账名称 / the ledger's name")],
    officer: Annotated[str, typer.Option("--officer", help="为谁，默认同密钥名称 / whose the key will be; default NAME")] = "",
) -> None:
    """为已有密钥出具持有证明，供登记或更换 / sign that a key is held, for enroll or rotate elsewhere."""
    options = current()
    _require_origin(origin)
    in_form(OfficerId, officer or "a", "--officer")
    signer = key_store(options).signer(name)
    payload = {"name": name, "officer": officer or name, "key_id": signer.key, "public_key": b64(public_bytes(signer.private)),
               "possession": b64(signer.private.sign(possession_message(origin, officer or name, signer.key)))}  # fmt: skip
    words = options.output.words
    options.output.answer("officer.possession", payload, [
        words(f"公钥 {payload['public_key']}", f"public key {payload['public_key']}"),
        words(f"持有证明 {payload['possession']}", f"possession {payload['possession']}"),
    ])  # fmt: skip


def _require_origin(origin: str) -> None:
    if not is_origin(origin):
        raise InputRejected("INPUT.ORIGIN", origin=origin)


def officers() -> None:
    """已登记人员 / officers."""
    options = current()
    with reading(options) as (session, _):
        state = session.state
        since = {key: found.seq for key, found in state.objects("key")}
        doubtful = Counter(found.person for _, found in state.objects("suspect") if found.by < 0)
        found = [
            {"officer": id, "name": o.name, "person": o.person, "authority": o.authority, "roles": list(o.roles),
             "key_id": o.key, "key_since": since.get(o.key), "active": o.active,
             "root": id in state.ledger.roots, "suspect": doubtful[o.person],
             "authority_name": body.name if (body := state.get("authority", o.authority)) else ""}
            for id, o in sorted(state.objects("officer"))
        ]  # fmt: skip
    columns = {"officer": "代号", "name": "姓名", "authority": "机构", "roles": "角色", "key_since": "密钥自条目",
               "active": "有效", "suspect": "存疑条目"}  # fmt: skip
    said = [row | {"authority": with_code(row["authority_name"], row["authority"], options.chinese)} for row in _said(options, "officer.enroll", found)]
    options.output.table("officer.list", {"officers": found}, "officers", columns, rows=said, flexible=("roles", "authority"))


def authorities() -> None:
    """已登记机构 / bodies."""
    options = current()
    with reading(options) as (session, _):
        found = [
            {"code": id, "name": a.name, "level": a.level, "parent": a.parent, "type": a.type}
            for id, a in sorted(session.state.objects("authority"))
        ]  # fmt: skip
    columns = {"code": "代码", "name": "名称", "level": "级次", "parent": "上级", "type": "类型"}
    options.output.table("authority.list", {"authorities": found}, "authorities", columns, rows=_said(options, "authority.register", found))


def _said(options: Options, kind: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the choices of a kind's fields in the language of the person."""
    fields = KINDS[kind].fields
    return [{name: in_words(fields.get(name), value, options.chinese) for name, value in row.items()} for row in rows]
