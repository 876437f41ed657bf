"""What the program says: one sentence a key in both files, with the same facts, used by the source, in one language at a time."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ledger import words
from ledger.book.state import Breach
from ledger.errors import LedgerError, Problem
from ledger.kinds.codec import KINDS
from tests.tidy.source import TREES

ZH, EN = words.table("zh"), words.table("en")
CHINESE = re.compile("[\u4e00-\u9fff]")
KEY = re.compile(r"[A-Z][A-Z0-9_-]*(\.[A-Z0-9_]+)?(:[A-Za-z0-9_-]+)?")
LIBRARY = {name: tree for name, tree in TREES.items() if name.startswith(("ledger", "reports"))}
# What stands in a Chinese sentence without being English: places for facts, command lines, options, codes, names of files and forms.
NOT_ENGLISH = re.compile(
    r"\{[^}]*\}|pip install '[^']*'|sunledger [a-z][a-z0-9 -]*(?:--?[a-z-]+ ?)*|--[a-z][a-z-]*|chmod 600|[A-Z][A-Z0-9_]+(?:=[A-Za-z0-9]+)?|\.[a-z]{2,4}\b|https?://|postgresql://|"
    r"[a-z0-9.-]+/[a-z0-9./-]+|0-9 a-f|a-z 0-9"
)
# What stands in an English sentence without being Chinese: the unit, and forms of amounts and days as people type them.
NOT_CHINESE = re.compile("[万亿]?元|2025年3月1日|[一-鿿]+(?==)")


def constants(node: ast.AST) -> Iterator[str]:
    """The strings that an expression may be, an f-string as a pattern of one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[A-Za-z0-9_.-]+" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*constants(node.body), *constants(node.orelse))


def calls_with_a_key() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call in the source whose first argument is a key: where, the call, the key."""
    for name, tree in LIBRARY.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                for key in constants(node.args[0]):
                    plain = key.replace("\\", "")
                    if plain in EN:
                        yield f"{name}:{node.lineno}", node, plain


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_keys_stand_in_order(language: str) -> None:
    """So that two who add keys do not meet on one line."""
    keys = list(words.table(language))
    assert keys == sorted(keys)


def test_every_key_is_said_in_both_languages_with_the_same_facts() -> None:
    """A sentence, and where there is one a hint."""
    assert ZH.keys() == EN.keys()
    for key in EN:
        assert ZH[key].keys() == EN[key].keys(), key
        for part in EN[key]:
            facts = []
            for language in words.LANGUAGES:
                with words.speaking(language):
                    facts.append(words.facts_in(key, part))
            assert facts[0] == facts[1], (key, part)


def test_every_key_is_used_and_every_key_used_is_there() -> None:
    """In the source of the library, as it is or as an f-string that gives it."""
    known: set[str] = set()
    for tree in LIBRARY.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value)):
                known |= set(constants(node))
    patterns = [re.compile(text) for text in known if re.match(r"[A-Z]|\[A-Z", text) and text != "[A-Za-z0-9_.-]+"]
    needs = [node for node in ast.walk(LIBRARY["ledger.book.state"]) if isinstance(node, ast.Call) and ast.unparse(node.func) == "self._need"]
    reversed_ = {f"{ast.literal_eval(node.args[2])}:reversed" for node in needs}
    assert reversed_
    assert reversed_ <= EN.keys()
    unused = {key for key in EN if key not in reversed_ and not any(pattern.fullmatch(key) for pattern in patterns)}
    assert unused == set()
    classes = {"Breach", "Fault", "words.Fault", "findings.add", "findings.doubt", "self.findings.add", "self._findings.doubt", "self._findings.add"}
    for name, tree in LIBRARY.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in classes:
                for key in constants(node.args[0]):
                    if key.startswith("[A-Z"):
                        continue  # a key that was given, and its variant
                    assert any(re.fullmatch(key, there) for there in EN), f"{name}:{node.lineno}: {key}"


def test_every_fact_that_a_sentence_needs_is_given() -> None:
    """By name, where the key is said."""
    for where, call, key in calls_with_a_key():
        if any(keyword.arg is None for keyword in call.keywords):
            continue  # facts that come from elsewhere
        given = {keyword.arg for keyword in call.keywords} | ({"why"} if ast.unparse(call.func).endswith(".because") else set())
        if len(call.args) > 1 and isinstance(call.args[1], ast.Dict):
            given |= {part.value for part in call.args[1].keys if isinstance(part, ast.Constant)}
        elif len(call.args) > 1:
            continue
        with words.speaking("en"):
            needed = words.facts_in(key) | words.facts_in(key, "hint")
        assert needed <= given, (where, key, needed - given)


SAY_WHAT_IS = re.compile(r"CHECK\.|COMPARE\.|PROVE\.|CANNOT_EXCLUDE|[A-Z0-9_]+$|(?!USAGE|BUSY|STORAGE|VOID|DERIVED)[A-Z0-9_]+:|INV-15\.INDEX|ID\.TAKEN:figure")


def test_every_error_says_what_to_do() -> None:
    """A hint for each code but for what only says how things are, and for the parts of sentences."""
    silent = {key for key in EN if "hint" not in EN[key] and not SAY_WHAT_IS.match(key)}
    assert silent == set()


@pytest.mark.parametrize("key", sorted(EN))
def test_sentence_is_in_one_language(key: str) -> None:
    """No English sentence in the Chinese file, no Chinese one in the English file."""
    for part, text in ZH[key].items():
        plain = NOT_ENGLISH.sub("", text)
        assert not re.search(r"[A-Za-z]{2,}[ ,']+[A-Za-z]{2,}", plain), (key, text)
        assert part == "hint" or CHINESE.search(text) or not re.search("[A-Za-z]", plain), (key, text)
    for text in EN[key].values():
        assert not CHINESE.search(NOT_CHINESE.sub("", text)), (key, text)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("key", sorted(EN))
def test_sentence_with_its_hint_fits_a_line(key: str, language: str) -> None:
    """400 characters with the code, what became of the entries, and facts of a common length; no fact breaks it."""
    with words.speaking(language):
        facts = dict.fromkeys(words.facts_in(key) | words.facts_in(key, "hint"), "x" * 20)
        said = words.say(key, facts) + words.hint(key, facts)
        assert len(said) + len(words.say("FATE:none", {})) < 380, key
        long: dict[str, Any] = dict.fromkeys(facts, "长" * 5000)
        assert len(words.say(key, long)) < 600, key


# --- facts


def test_fact_is_shown_as_what_it_is() -> None:
    """Amounts in yuan, lists joined and cut, truth in words, texts cut, declarations with their Chinese."""
    facts: dict[str, Any] = {"account": "P1:budget", "lacks_fen": 1234567, "quota": "Q1"}
    assert words.say("BALANCE.SHORT", facts) == "P1:budget lacks 12,345.67 yuan of quota Q1"
    with words.speaking("zh"):
        assert words.say("BALANCE.SHORT", facts) == "P1·预算（P1:budget）的指标 Q1 差 12,345.67 元"
        assert words.term("kind", "payment.request") == f"{KINDS['payment.request'].zh}（payment.request）"
        assert words.term("role", "finance") == "财务（finance）"
        assert words.term("role", "unheard-of") == "unheard-of"
    assert words.term("kind", "payment.request") == "payment.request"
    assert words.say("INPUT.KIND", {"kind": "x" * 100}) == f"'{'x' * 69}…' is not a kind of this program"
    roots = [f"r{number}" for number in range(20)]
    assert words.hint("RIGHTS.ROOT", {"officer": "li", "roots": roots}).count(",") == words.MAX_ITEMS


def test_fault_and_breach_are_said_when_they_are_asked_for() -> None:
    """In the language spoken then, not in that of the moment they were made."""
    fault, breach = words.Fault("HEADER:lines"), Breach("ID.REPEATED", id="R1")
    for language, first, second in (("zh", "不是条目头的六行", "编号“R1”已被使用"), ("en", "not the six lines of a header", "id 'R1' is in use")):
        with words.speaking(language):
            assert (str(fault), str(breach)) == (first, second)
    assert words.spoken() == "en"


def test_error_is_its_own_only_problem_or_one_of_several() -> None:
    """Its code is the key without the variant; what words explain can bear another code."""
    error = LedgerError("REFERENCE.TAKEN:payment", id="PAY-1")
    assert (error.code, error.message) == ("REFERENCE.TAKEN", "payment 'PAY-1' is asked for already")
    assert error.problems == [{"code": "REFERENCE.TAKEN", "message": error.message, "hint": error.hint, "id": "PAY-1"}]
    void = Problem("VOID", as_code="BALANCE.MOVES", seq=7, why=Breach("BALANCE.MOVES"))
    assert (void["code"], void["seq"]) == ("BALANCE.MOVES", 7)
    several = LedgerError.of([void, *error.problems])
    assert (several.code, several.message, len(several.problems)) == ("BALANCE.MOVES", void["message"], 2)
    with words.speaking("zh"):
        assert str(several.because("UNVERIFIED")) == f"台账未通过核验：{void['message']}"
