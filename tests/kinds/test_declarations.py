"""Every kind as declared: words in both languages, examples that decode, fields in the order of canonical JSON."""

import re
from typing import Any

import msgspec
import pytest

from ledger.book import apply  # noqa: F401  (registers every effect)
from ledger.book.books import STREAMS
from ledger.book.effects import EFFECTS, REVERSALS
from ledger.book.rights import POLICIES, policy_table, roles_table
from ledger.kinds import types
from ledger.kinds.codec import convert_event, encode_event
from ledger.kinds.declare import KINDS
from ledger.kinds.keys import ROLES
from ledger.kinds.text import event_fault
from ledger.kinds.types import Part
from tests.kinds.data import ALL

CHINESE = re.compile("[\u4e00-\u9fff]")
SECONDS = {"none", "always", "registration", *POLICIES["standard"], *POLICIES["small"]}


def example(kind: str) -> dict[str, Any]:
    """The declared example, with what no example is typed for made up by type."""
    info = KINDS[kind]
    data = {f.name: f.example for f in info.fields.values() if f.example is not None and f.name not in COMMON}
    data |= {f.name: "0" * 64 for f in info.sealed}  # the example is what a person types, and stands in no entry
    typed_otherwise = {"public_key": "AA==", "policy": []}  # the name of a key or of a policy: the client writes what it stands for
    data |= {name: value for name, value in typed_otherwise.items() if name in data}
    made = {
        "legs": [{"amount": 100, "quota": "2025-C-01"}], "entry": {"entry": "q1", "leaf": "0" * 64}, "totals": [],
        "roots": [{"algorithm": "ed25519", "person": "root", "possession": "AA==", "public_key": "AA=="}],
        "ledger_key": {"algorithm": "ed25519", "public_key": "AA=="}, "roles": [], "policy": [], "possession": "AA==",
        "root": "A" * 43 + "=", "size": 120,
    }  # fmt: skip
    for field in info.fields.values():
        if field.name in made and (field.required and (field.name not in data or field.name == "entry")):
            data[field.name] = made[field.name]
    return data


COMMON = {"capacity", "date_precision", "decided_by", "decided_on", "documents", "paper_", "line", "derived"}


@pytest.mark.parametrize("kind", ALL)
def test_kind_speaks_both_languages(kind: str) -> None:
    """The kind, its docstring and each of its fields have a Chinese and an English label."""
    info = KINDS[kind]
    assert CHINESE.search(info.zh)
    assert info.en
    assert info.doc
    assert not CHINESE.search(info.en)
    for field in info.fields.values():
        assert CHINESE.search(field.zh), field.name
        assert field.en, field.name
        assert not CHINESE.search(field.en), field.name


@pytest.mark.parametrize("kind", ALL)
def test_example_of_a_kind_decodes(kind: str) -> None:
    """INV-08: the words that help shows are words the kind takes; what a person must type has an example."""
    info = KINDS[kind]
    event = convert_event(kind, example(kind))
    assert event_fault(info, event) is None
    for field in info.fields.values():
        if field.required and not (field.client or field.completed) and field.name != "legs":
            assert field.example is not None, field.name


@pytest.mark.parametrize("kind", ALL)
def test_fields_stand_in_the_order_of_canonical_json(kind: str) -> None:
    """INV-01: encoding needs no sorting because the declaration is sorted, by the names that are written."""
    struct = KINDS[kind].struct
    names = [field.encode_name for field in msgspec.structs.fields(struct)]
    assert names == sorted(names) == list(KINDS[kind].fields)
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)
    assert "kind" not in names
    assert all(hasattr(struct, field.attribute) for field in KINDS[kind].fields.values())


@pytest.mark.parametrize("part", sorted(Part.__subclasses__(), key=lambda part: part.__name__))
def test_rows_stand_in_the_order_of_canonical_json(part: type[Part]) -> None:
    """INV-01: so do the rows inside events."""
    names = [field.encode_name for field in msgspec.structs.fields(part)]
    assert names == sorted(names)
    assert part.__module__ == types.__name__


@pytest.mark.parametrize("kind", ALL)
def test_declaration_uses_only_known_words(kind: str) -> None:
    """Streams, roles, second persons, references and jurisdictions are those the rules know; each kind has its effect."""
    info = KINDS[kind]
    assert info.stream in STREAMS
    assert set(info.by) <= set(ROLES)
    assert info.second in SECONDS
    assert kind in EFFECTS
    assert set(REVERSALS) <= {name for name, other in KINDS.items() if other.reversible}
    sorts = {"authority", "officer", "quota", "project", "payment", "paper", "household", "subject", "entry", ""}
    for field in info.fields.values():
        assert {field.ref, field.new} <= sorts
        assert not (field.ref and field.new)
        assert not field.scope or (field.ref or field.new) in ("authority", "project", "payment", "officer")
    assert info.scopes or info.stream == "keys"  # money, projects and papers always have a jurisdiction


@pytest.mark.parametrize("kind", ALL)
def test_absent_value_is_an_absent_key_and_never_null(kind: str) -> None:
    """INV-01: null is refused by the profile, so encoding leaves out what is not given."""
    assert b"null" not in encode_event(convert_event(kind, example(kind)))


@pytest.mark.parametrize("kind", ALL)
def test_unknown_missing_and_mistyped_fields_are_refused(kind: str) -> None:
    """INV-08: exactly the fields of the kind; a text is no number and a number no text."""
    data = example(kind)
    with pytest.raises(msgspec.ValidationError):
        convert_event(kind, data | {"unknown_field": 1})
    for field in KINDS[kind].fields.values():
        if field.required:
            with pytest.raises(msgspec.ValidationError, match=field.name):
                convert_event(kind, {name: value for name, value in data.items() if name != field.name})
            for wrong in (None, 1.5, b"x", {"x": 1}, [[]], "\x00" if not isinstance(data[field.name], str) else 7):
                if wrong != data[field.name]:
                    with pytest.raises(msgspec.ValidationError):
                        convert_event(kind, data | {field.name: wrong})


@pytest.mark.parametrize("kind", ALL)
def test_json_schema_of_a_kind_accepts_its_example(kind: str) -> None:
    """The schema made from the declaration names the same fields, requires the same, and fits the example."""
    schema = msgspec.json.schema(KINDS[kind].struct)
    body = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    assert set(body["properties"]) == set(KINDS[kind].fields)
    assert set(body["required"]) == {f.name for f in KINDS[kind].fields.values() if f.required}
    assert body["additionalProperties"] is False
    data = example(kind)
    assert set(body["required"]) <= set(data) <= set(body["properties"])
    for name, value in data.items():
        assert _fits(schema, body["properties"][name], value), (name, value)


def _fits(schema: dict[str, Any], rule: dict[str, Any], value: Any) -> bool:
    """The part of JSON Schema that these schemas use."""
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    if "anyOf" in rule:
        return any(_fits(schema, option, value) for option in rule["anyOf"])
    python = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}[rule["type"]]
    if not isinstance(value, python) or (python is int and isinstance(value, bool)):
        return False
    if python is str:
        return len(value) >= rule.get("minLength", 0) and re.search(rule.get("pattern", ""), value) is not None
    if python is int:
        return rule.get("minimum", value) <= value <= rule.get("maximum", value)
    if python is list:
        return all(_fits(schema, rule["items"], item) for item in value)
    if python is dict:
        return set(rule["required"]) <= set(value) and all(_fits(schema, rule["properties"][k], v) for k, v in value.items())
    return True


def test_role_table_of_entry_zero_is_the_declarations() -> None:
    """INV-05: who may record what stands in the ledger, made from the kinds, sorted."""
    table = roles_table(KINDS)
    assert [row["kind"] for row in table] == sorted(name for name, info in KINDS.items() if info.by)
    assert all(row["roles"] == list(KINDS[row["kind"]].by) for row in table)
    assert "entry.confirm" not in {row["kind"] for row in table}  # judged by the kind it confirms


def test_policy_table_of_entry_zero_names_the_kinds_that_wait() -> None:
    """INV-06: in standard, releases, funding, corrections and enrolment wait; in small, corrections of money and the policy."""
    assert {row["kind"]: row["second"] for row in policy_table(KINDS, POLICIES["small"])} == {"entry.reverse": "money", "policy.set": "person"}
    standard = {row["kind"]: row["second"] for row in policy_table(KINDS, POLICIES["standard"])}
    assert standard == {
        "entry.reverse": "person", "household.enroll": "person", "ledger.rotate": "person", "officer.enroll": "person",
        "officer.revoke": "person", "officer.rotate": "person", "policy.set": "person", "project.fund": "person",
        "quota.release": "person",
    }  # fmt: skip
