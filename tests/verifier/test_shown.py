"""What the stand-alone verifier prints: no word of a file, and no name of one, moves a terminal or hides a line."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from ledger.chain.keys import b64
from ledger.chain.proofs import Tree
from ledger.chain.tlog_proof import TlogProof
from tests.verifier.forge import Forge, of
from tests.verifier.test_files import KEY, ORIGIN, told, vkey
from tests.verifier.worlds import LI, control, legs
from verifier import verify as v

# What a terminal obeys, what turns or hides text, what breaks a line; with the code it is shown as.
HOSTILE = {
    "escape": "\x1b[2J\x1b[Hverdict: fine\x1b[8m", "C1": "\x9b2J", "line feed": "\nverdict: fine", "carriage return": "\rverdict: fine", "bell": "\x07",
    "backspace": "\x08\x08", "delete": "\x7f", "bidi": "\u202egnp\u2066", "mark": "\u200f", "zero width": "o\u200bk\ufeff\u2060", "line": "\u2028\u2029\x85",
    "filler": "\u3164\u115f\u2800", "selector": "a\ufe0f\U000e0101", "tag": "\U000e0041", "private": "\ue000\U000f0000", "soft hyphen": "\xad",
    "no-break": "\xa0\u2003", "far to the right": "a" + " " * 300 + "verdict: fine", "wide": "甲" + "\u3000" * 200 + "乙", "surrogate": "\udcff",
}  # fmt: skip


def run(folder: Path, name: str, data: bytes, *more: str) -> tuple[int, str]:
    """Exit code and all that is printed of a file, by the command itself."""
    (folder / name).write_bytes(data)
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="strict", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        try:
            code = v.main([str(folder / name), *more])
        except SystemExit as left:
            code = int(left.code or 0)
    return code, raw.getvalue().decode()


def is_plain(text: str) -> bool:
    """Whether nothing of it is obeyed: plain characters in lines of the verifier's own making."""
    gaps = () if text.startswith("{") else ("  ", "\u3000\u3000", "\u3000 ")
    return all((c.isprintable() and c not in v.INVISIBLE) or c in "\n\u3000" for c in text) and not any(gap in text for gap in gaps)


def proof(forge: Forge, seq: int) -> bytes:
    """The proof of an entry, sealed by whoever likes."""
    extra = {"content": forge.rows[seq][2].decode(errors="surrogatepass"), "header": forge.rows[seq][1].decode()}
    raw = json.dumps(extra, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
    return TlogProof(seq, Tree([row[3] for row in forge.rows]).inclusion(seq), forge.note(), raw).to_text().encode()


SEALED = {name: word for name, word in HOSTILE.items() if name != "surrogate"}  # no content can hold one


@pytest.mark.parametrize("word", SEALED.values(), ids=SEALED)
def test_a_word_of_an_entry_is_shown_as_codes(word: str, tmp_path: Path) -> None:
    """Payee, project, id, kind, unknown field, moved account: in a proof, and in a bundle that is judged; in words and in JSON."""
    data = {"legs": legs(Q1=1), "payee": word, "payment": "x", "project": word}
    forge = control().copy()
    forge.bad(LI, "payment.request", "plain", data)
    forge.bad(LI, "payment.request", "plain2", {**data, "payee": "x", "payee_type": word})
    forge.bad(LI, "payment.request", word, data)
    forge.bad(LI, word, "odd-kind", data)
    forge.bad(LI, "payment.request", "odd-move", data, moves=[{"from": word, "n": 1, "quota": word, "to": word, "unit": word}])
    forge.bad(LI, "payment.approve", "odd-reference", {"payment": word})
    forge.bad(LI, "entry.confirm", "odd-name", {"entry": {"entry": word, "leaf": "0" * 64}})
    files = {f"{seq}.proof": proof(forge, seq) for seq in range(len(control().rows), len(forge.rows))} | {"b.zip": forge.bundle()}
    told = []
    for name, raw in files.items():
        for more in ([], ["--json"], ["--key", vkey(KEY)]):
            _, text = run(tmp_path, name, raw, *more) if name == "b.zip" or more == ["--key", vkey(KEY)] else (0, "")
            assert is_plain(text), (name, text)
            told.append(text)
            if "--json" in more and text:
                json.loads(text)
    assert word not in "".join(told) or v.shown(word) == word


@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_every_other_word_of_a_file_is_shown_as_codes(word: str, tmp_path: Path) -> None:
    """Names of signers, keys of JSON, an origin, a ledger id, opened values, text that is no file at all."""
    plain = word.encode(errors="surrogatepass")
    note = control().note()
    files: dict[str, bytes] = {
        "signer": note.encode() + "— ".encode() + plain.replace(b" ", b"") + b" " + b64(bytes(12)).encode() + b"\n",
        "origin": plain + note.encode()[len(ORIGIN) :], "text": plain * 3,
        "key.json": b'{"book":{"' + plain + b'":1}}', "odd.json": b'{"checkpoint":"' + plain + b'"}', "two": b'{"book":1,"book":2,"' + plain + b'":3}',
        "evidence": b'{"format":"sunledger.evidence/1' + plain + b'"}', "zip": b"PK" + plain, "pdf": b"%PDF-" + plain + b"/" + plain,
        "db": b"SQLite format 3\0" + plain,
    }  # fmt: skip
    for name, raw in files.items():
        assert is_plain(run(tmp_path, name, raw)[1]), name
    result = v.Result("x", says=[word], trust=[word], cannot_exclude=[word], facts={"relation": word})
    result.fail(word, word)
    result.doubts.append(v.Problem(word, 1, word))
    assert all(is_plain(v.shown(line)) for line in v.told(result, word))


@pytest.mark.parametrize("word", [word for word in HOSTILE.values() if "\0" not in word and len(word) < 200], ids=lambda word: ascii(word)[:20])
def test_the_name_of_a_file_is_shown_as_codes(word: str, tmp_path: Path) -> None:
    """Of the file, of the one it is compared with, of a checkpoint brought, and of one that is too many."""
    name = f"x{word.replace('/', '')}"
    code, text = run(tmp_path, name, control().note().encode())
    assert (code, is_plain(text)) == (11, True)
    for more in ([str(tmp_path / name)], ["--checkpoint", str(tmp_path / f"{name}y")], ["a", str(tmp_path / name)], ["--key", word]):
        assert is_plain(run(tmp_path, name, control().note().encode(), *more)[1]), more


def test_an_opened_value_is_shown_as_codes() -> None:
    """The attacker seals the value himself, so it opens its commitment."""
    for word in SEALED.values():
        salt = bytes(32)
        committed = v.sha256(f"sunledger/sealed/v1\n{ORIGIN}\nh9\nhead\n".encode(), salt, v.canonical(word).encode()).hex()
        forge = control().copy()
        forge.add(LI, "household.enroll", "h9", household="H-9", place="999901", head=committed)
        seqs, tree = [0, len(forge.rows) - 1], Tree([row[3] for row in forge.rows])
        entries: list[dict[str, Any]] = [{"seq": s, "header": forge.rows[s][1].decode(), "content": forge.rows[s][2].decode()} for s in seqs]
        entries[1]["opened"] = {"head": {"value": word, "salt": b64(salt)}}
        made = {"format": "sunledger.disclosure/1", "origin": ORIGIN, "ledger_id": forge.rows[0][3].hex(), "checkpoint": forge.note(),
                "entries": entries, "proof": [b64(part) for part in tree.multi(seqs)], "heads": []}  # fmt: skip
        found = v.check_bytes(told(made), v.Trust(keys=[KEY]))
        assert found.verdict == "ok"
        assert all(is_plain(v.shown(line)) for line in v.told(found, "x"))


def test_what_is_plain_is_shown_as_it_is() -> None:
    """Chinese, rare characters, an ideographic space, quotation marks, Tibetan and Uyghur: as written."""
    for text in ("示例县　饮水工程", "𫭟 “甲” ½ é", "བོད་ཡིག", "ئۇيغۇر", "a b", f"{of(LI)}"):
        assert v.shown(text) == text
