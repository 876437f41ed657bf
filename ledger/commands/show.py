"""The command `show`: one entry whole, and under whose key it stands."""

from typing import Annotated, Any

import typer

from ledger.audit.decisions import decisions
from ledger.audit.entries import describe
from ledger.audit.page import Page
from ledger.audit.sealed import MISSING, NOT_OPENED, PROVED, masked, sealed_values
from ledger.audit.signers import sealed_by
from ledger.commands.journal import kind_word, status_words
from ledger.commands.options import current
from ledger.commands.output import Output
from ledger.commands.readable import Named, account_words, data_lines, local_time, names_in, with_code
from ledger.commands.reading import CHECKED, reading
from ledger.commands.reads import needed_entry
from ledger.kinds.declare import KINDS, KindInfo
from ledger.money import yuan


def show(
    entry: Annotated[str, typer.Argument(help="序号、条目编号或业务编号 / seq, entry id or business id")],
    raw: Annotated[bool, typer.Option("--bytes", help="原始字节 / the exact bytes")] = False,
) -> None:
    """一条条目的全部内容 / one entry whole."""
    options = current()
    with reading(options) as (session, _):
        seq = needed_entry(session, entry)
        found = describe(session, seq)
        found["seal"] = sealed_by(session, seq)
        found["sealed"] = [_shown_sealed(row) for row in sealed_values(session, seq, options.vault(session.id))]
        payment = session.state.get("payment", str(found["data"].get("payment", ""))) if found["kind"] == "payment.request" else None
        later = decisions(session, payment, str(found["data"]["payment"])) if payment and payment.seq == seq else []
        found["decisions"] = [{name: of[name] for name in ("seq", "kind", "officer", "officer_name", "amount_fen", "status")}
                              for of in Page(session, later).entries()]  # fmt: skip
        header, content, _ = session.history.entry(seq)
        if raw:
            found |= {"header": header.decode(), "content": content.decode()}
        lines = show_lines(options.output, found, names_in(session.state))
    options.output.answer("show", {"entries": [found], "checked": CHECKED}, lines)


def _shown_sealed(row: dict[str, Any]) -> dict[str, Any]:
    """A sealed value's verdict, and its value masked where it was proved."""
    shown = {name: row[name] for name in ("field", "subject", "verdict")}
    return shown | ({"masked": masked(row["field"], row["value"])} if "value" in row else {})


def show_lines(out: Output, found: dict[str, Any], named: Named) -> list[str]:
    """One entry for a person."""
    words, info, chinese = out.words, KINDS.get(found["kind"]), out.chinese
    title = (info.zh if chinese else info.en) if info else ""
    books = [_book_words(book, named) for book in found["books"]]
    lines = [
        f"#{found['seq']} {found['kind']} {title}  {status_words(found['status'], chinese)}",
        words(f"条目编号 {found['id']}　业务日期 {found['occurred_on']}　登记 {local_time(found['at'], True)}",
              f"entry id {found['id']}  occurred on {found['occurred_on']}  recorded {local_time(found['at'], False)}"),
        words(f"登记人 {_person(out, found['officer'], found['officer_name'])}", f"recorded by {_person(out, found['officer'], found['officer_name'])}")
        + _second_words(out, found),
        _seal_words(out, found["seal"]),
        words(f"账册 {'、'.join(books) or '—'}", f"books {', '.join(books) or '-'}"),
        words(f"叶值 {found['leaf']}", f"leaf {found['leaf']}"),
        *([f"  → #{found['names']['seq']} {kind_word(found['names']['kind'], chinese)}  {'  '.join(found['about'])}".rstrip()] if found["names"] else []),
        *data_lines(info, found["data"], chinese, named),
    ]  # fmt: skip
    lines += [f"  {words('密封', 'sealed')} {_field_word(info, row['field'], chinese)}  {_verdict(out, row['verdict'])}  {row.get('masked', '')}".rstrip()
              for row in found["sealed"]]  # fmt: skip
    for move in found["moves"]:
        amount = (
            f"{yuan(move['n'])} {words('元', 'yuan')}"
            if move["unit"] == "CNY"
            else f"{move['n']} {move['unit']}"
        )
        way = " → ".join(account_words(move[end], named, chinese) for end in ("from", "to"))
        lines.append(f"  {way}  {amount}  {words('指标', 'quota')} {move['quota']}")
    for of in found["decisions"]:
        amount = f"  {yuan(abs(of['amount_fen']))} {words('元', 'yuan')}" if of["amount_fen"] else ""
        lines.append(f"  ← #{of['seq']} {kind_word(of['kind'], chinese)}{amount}  {_person(out, of['officer'], of['officer_name'])}"
                     f"  {status_words(of['status'], chinese)}")  # fmt: skip
    if "content" in found:
        lines += ["", *found["header"].rstrip("\n").split("\n"), "", found["content"]]
    return lines


def _person(out: Output, id: str, name: str) -> str:
    """A person by name, the code in brackets."""
    return with_code(name, id, out.chinese)


def _verdict(out: Output, verdict: str) -> str:
    """What became of a sealed value, in words."""
    if not out.chinese:
        return verdict
    said = {PROVED: "已证实", MISSING: "证据缺失", NOT_OPENED: "未开启"}
    number = "".join(character for character in verdict if character.isdigit())
    return str(said.get(verdict, f"已依法删除（#{number}）"))


def _field_word(info: KindInfo | None, name: str, chinese: bool) -> str:
    return info.fields[name].zh if chinese and info and name in info.fields else name


def _book_words(book: str, named: Named) -> str:
    """A book with its body's name."""
    name = named("authority", book.partition("/")[0])
    return f"{book} {name}" if name else book


def _second_words(out: Output, found: dict[str, Any]) -> str:
    second = found["second"]
    if not second:
        return ""
    who = _person(out, second["officer"], second["name"])
    return out.words(f"　复核 #{second['seq']} {who}", f"  confirmed in #{second['seq']} by {who}")


def _seal_words(out: Output, seal: dict[str, Any]) -> str:
    """The key an entry stands under."""
    who = _person(out, seal["officer"], seal["name"])
    force = out.words("现仍有效", "still in force") if seal["in_force"] else out.words("现已失效", "no longer in force")
    return out.words(f"密钥 {seal['key_id'][:16]}…（{who}，{force}），封签 #{seal['first']}–#{seal['last']}",
                     f"key {seal['key_id'][:16]}… ({who}, {force}), seal over #{seal['first']}–#{seal['last']}")  # fmt: skip
