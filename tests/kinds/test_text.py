"""Which text may be recorded, and the rules a type cannot say."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.kinds.codec import convert_event
from ledger.kinds.declare import KINDS
from ledger.kinds.text import (
    FORBIDDEN,
    characters_fault,
    event_fault,
    may_hold_forbidden,
    strings,
    text_fault,
)
from tests.properties.strategies import escaped_text, modest

FORBIDDEN_POINTS = [
    0x00, 0x08, 0x09, 0x0A, 0x0D, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xAD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F,
    0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0xD800, 0xDFFF,
    0x110BD, 0x1BCA0, 0x1D173, 0x1FFFE, 0x10FFFF, 0xE0001, 0xE0041,
]  # fmt: skip


@pytest.mark.parametrize("point", FORBIDDEN_POINTS)
def test_b01_forbidden_character_is_refused_and_named(point: int) -> None:
    """INV-08: controls, separators, direction marks, joiners, surrogates, noncharacters, tags; named by its number."""
    assert f"U+{point:04X}" in str(text_fault(f"甲{chr(point)}乙"))
    assert chr(point) in FORBIDDEN


@pytest.mark.parametrize("text", ["示例县", "〔2025〕1号", "𠀀𪚥", "a b", "\u3000", "é", "…—·", "（一）", "①②", "㎡", "👍", "%", "\\", '"', "～"])
def test_text_of_real_papers_is_taken(text: str) -> None:
    """Chinese of every plane, its punctuation, brackets, full-width spaces."""
    assert text_fault(text) is None


def test_list_of_forbidden_characters_is_fixed_by_unicode_fourteen() -> None:
    """All of C0, DEL, C1, Cf, surrogates, line separators and noncharacters of that version; nothing else."""
    if unicodedata.unidata_version.startswith("14."):
        expected = {
            chr(c)
            for c in range(0x110000)
            if unicodedata.category(chr(c)) in ("Cc", "Cf", "Cs", "Zl", "Zp") or c & 0xFFFE == 0xFFFE or 0xFDD0 <= c <= 0xFDEF
        }
        assert set(FORBIDDEN) == expected
    assert len(FORBIDDEN) == 2344


@pytest.mark.parametrize("text", ["e\u0301", "\u212b", "\uf900", "カ\u3099"])
def test_text_that_is_not_nfc_is_refused_when_taken_in(text: str) -> None:
    """A-18: combining accents, the Ångström sign, compatibility ideographs, half-built kana."""
    assert "normal form" in str(text_fault(text))


@pytest.mark.parametrize("text", ["\u0378", "\U000323b0", "\u05ff"])
def test_unassigned_character_is_refused_when_taken_in(text: str) -> None:
    """A code point without a meaning today is not recorded."""
    assert "not assigned" in str(text_fault(text))


@modest(200)
@given(st.one_of(escaped_text, st.text(max_size=20)))
def test_quick_look_never_misses_a_forbidden_character(text: str) -> None:
    """`may_hold_forbidden` may ask for a closer look, and never says no where there is one."""
    from ledger.chain.canonical import encode

    try:
        raw = encode([text])
    except UnicodeError:
        return
    if not FORBIDDEN.isdisjoint(text):
        assert may_hold_forbidden(raw)
    assert not may_hold_forbidden(encode(["示例县 plain text 〔2025〕"]))


def test_every_string_inside_an_event_is_looked_at() -> None:
    """Rows, lists of rows and renamed fields too."""
    event = convert_event(
        "quota.release",
        {"legs": [{"amount": 1, "quota": "Q"}], "from": "A", "to": "B", "documents": [{"number": "甲\u200b", "type": "乙"}]},
    )
    assert set(strings(event)) == {"Q", "A", "B", "甲\u200b", "乙"}
    assert "U+200B" in str(characters_fault(event))


CHOICES = [(kind, field.name) for kind, info in sorted(KINDS.items()) for field in info.checked if field.choices]


@pytest.mark.parametrize(("kind", "name"), CHOICES)
def test_value_outside_the_choices_is_refused(kind: str, name: str) -> None:
    """INV-08: a word that is not of the list, and in lists also none or one twice."""
    from tests.kinds.test_declarations import example

    info, good = KINDS[kind], example(kind)
    field = info.fields[name]
    as_list = isinstance(field.example, list)
    for choice in field.choices:
        assert event_fault(info, convert_event(kind, good | {name: [choice] if as_list else choice})) is None
    for wrong in [["magic"], [], [field.choices[0]] * 2] if as_list else ["magic", field.choices[0] + "x"]:
        assert name in str(event_fault(info, convert_event(kind, good | {name: wrong})))


DATES = [(kind, field.name) for kind, info in sorted(KINDS.items()) for field in info.checked if field.is_date]


@pytest.mark.parametrize(("kind", "name"), DATES)
def test_day_that_does_not_exist_is_refused_in_every_date_field(kind: str, name: str) -> None:
    """INV-08, F-08: the pattern lets 30 February through, the calendar does not."""
    from tests.kinds.test_declarations import example

    info, good = KINDS[kind], example(kind)
    assert event_fault(info, convert_event(kind, good | {name: "2024-02-29"})) is None
    assert name in str(event_fault(info, convert_event(kind, good | {name: "2025-02-29"})))
