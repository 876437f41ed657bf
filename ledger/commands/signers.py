"""The command `signers`: who signed what, by key and range."""

from typing import Any

from ledger.audit.signers import signers as signers_of
from ledger.commands.options import current
from ledger.commands.output import Output
from ledger.commands.readable import Named, names_in
from ledger.commands.reading import CHECKED, reading

SHOWN = 6  # ranges that a person is shown of one key


def signers() -> None:
    """何人以何密钥签了哪些条目 / who signed what, by key and range."""
    options = current()
    with reading(options) as (session, _):
        found = signers_of(session)
        named = names_in(session.state)
        lines = [line for key in found for line in _lines(options.output, key, named)]
    options.output.answer("signers", {"signers": found, "checked": CHECKED}, lines)


def _lines(out: Output, key: dict[str, Any], named: Named) -> list[str]:
    """A key in words: whose, how long, what it sealed."""
    words = out.words
    body = named("authority", key["authority"])
    name, person = key["name"] or key["officer"], key["person"]
    who_zh = f"{name}〔{key['officer']}〕" + (f"（即 {person}）" if person != key["officer"] else "")
    who_en = f"{name} [{key['officer']}]" + (f" (person {person})" if person != key["officer"] else "")
    of_zh = f"　{body}〔{key['authority']}〕" if key["authority"] else ""
    of_en = f"  {body} [{key['authority']}]" if key["authority"] else ""
    lines = [words(f"{who_zh}{of_zh}　密钥 {key['key_id'][:16]}…", f"{who_en}{of_en}  key {key['key_id'][:16]}…")]
    by_zh = f"（{key['enrolled_by']} 登记，见 #{key['enrolled_in']}）" if key["enrolled_by"] else "（建账）"
    by_en = f" (by {key['enrolled_by']} in #{key['enrolled_in']})" if key["enrolled_by"] else " (founding)"
    ended = {"officer.rotate": ("更换", "replaced"), "officer.revoke": ("撤销", "revoked")}
    if key["until"] is None:
        until_zh, until_en = "至今有效", "in force"
    else:
        zh, en = ended[key["ended_by"]]
        until_zh, until_en = f"至 #{key['until']} {zh}", f"until {en} in #{key['until']}"
    lines.append(words(f"  自 #{key['since']}{by_zh}，{until_zh}", f"  from #{key['since']}{by_en}, {until_en}"))
    parts = [f"#{part['first']}" if part["first"] == part["last"] else f"#{part['first']}–#{part['last']}" for part in key["ranges"]]
    if len(parts) > SHOWN:
        parts = [*parts[: SHOWN - 2], "…", *parts[-2:]]
    shown = ("、" if out.chinese else ", ").join(parts)
    lines.append(words(f"  封签 {key['seals']:,} 次，条目 {key['entries']:,} 条" + (f"：{shown}" if shown else ""),
                       f"  {key['seals']:,} seals over {key['entries']:,} entries" + (f": {shown}" if shown else "")))  # fmt: skip
    return lines
