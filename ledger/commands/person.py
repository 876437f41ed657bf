"""Commands about sealed values, for whoever keeps the vault: destroy what was erased, find what is the same."""

from typing import Any

from ledger.commands.options import Options, current
from ledger.commands.reading import reading
from ledger.errors import Refused, Usage
from ledger.kinds.codec import decode_content
from ledger.service import Ledger
from ledger.store.sealing import places_in
from ledger.store.session import Session
from ledger.store.vault import Vault


def required_vault(options: Options, ledger_id: str) -> Vault:
    """The vault named. Raises Usage, and Refused where it is not there."""
    vault = options.vault(ledger_id)
    if vault is None:
        raise Usage("USAGE:vault")
    if not vault.exists:
        raise Refused("REFUSED.VAULT:other", path=vault.path)
    return vault


def shred() -> None:
    """销毁已依法删除者的密钥（保管密钥库者执行，可重复） / destroy the keys of those whose data was erased."""
    options = current()
    ledger = Ledger.open(options.ledger)
    try:
        with ledger.reading() as session:
            session.require_guards()
            vault = required_vault(options, session.id)
        gone = ledger.shred(vault)
    finally:
        ledger.close()
    words = options.output.words
    said = "、".join(gone) if options.chinese else ", ".join(gone)
    options.output.answer("person.shred", {"destroyed": gone}, [
        words(f"已销毁密钥：{said or '无'}", f"keys destroyed: {said or 'none'}"),
        words("数据库、密钥库的旧备份须另行销毁", "old backups of the database and of the vault must be destroyed too"),
    ])  # fmt: skip


def same() -> None:
    """同一账号、证件、电话出现在不同人员名下的条目（不显示其值） / one account, identity or phone under several persons."""
    options = current()
    with reading(options) as (session, _):
        vault = required_vault(options, session.id)
        found = [row for field, entries in vault.groups() if len((row := _group(session, field, entries))["persons"]) > 1]
    columns = {"field": "信息", "persons": "人员", "entries": "条目"}
    options.output.table("person.same", {"groups": found}, "groups", columns)


def _group(session: Session, field: str, entries: list[str]) -> dict[str, Any]:
    """Whom one value stands under, and where; entries that were never recorded are left out."""
    seqs = [seq for entry in entries if (seq := session.history.seq_of(entry)) is not None]
    persons = dict.fromkeys(
        place.subject
        for seq in seqs
        for place in places_in(seq, decode_content(session.history.entry(seq)[1], session.origin))
        if place.field == field
    )
    return {"field": field, "persons": list(persons), "entries": seqs}
