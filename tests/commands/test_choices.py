"""Choices: every one has its Chinese word, is taken in either form, and recorded in the one."""

import re
from pathlib import Path

import pytest

from ledger.commands.fields import choices_of, parse_field
from ledger.errors import InputRejected
from ledger.kinds.declare import KINDS, Field
from ledger.words import speak
from tests.commands.shell import MONEY, OFFICERS, Shell

CHOICES = [(kind, name) for kind, info in sorted(KINDS.items()) for name, field in info.fields.items() if field.choices]
CHINESE = re.compile("[\u4e00-\u9fff]")


def asked(kind: str, name: str) -> Field:
    """A field with choices."""
    return KINDS[kind].fields[name]


@pytest.mark.parametrize(("kind", "name"), CHOICES)
def test_every_choice_has_a_chinese_word_of_its_own(kind: str, name: str) -> None:
    """No two choices of a field share one, with or without 级; what only the client fills in may keep its name."""
    field = asked(kind, name)
    assert len(field.choices) == len(field.choices_zh)
    assert len({zh.removesuffix("级") for zh in field.choices_zh}) == len(field.choices)
    assert not set(field.choices) & set(field.choices_zh)
    assert field.client or all(CHINESE.search(zh) for zh in field.choices_zh)


@pytest.mark.parametrize(("kind", "name"), CHOICES)
def test_every_choice_is_taken_in_either_language(kind: str, name: str) -> None:
    """The word, its Chinese, and a level without 级."""
    field = asked(kind, name)
    several = isinstance(field.example, list)
    for word, zh in zip(field.choices, field.choices_zh, strict=True):
        for typed in (word, zh, f" {zh} ", zh.removesuffix("级")):
            assert parse_field(field, typed) == ([word] if several else word)


def test_several_are_parted_by_any_comma() -> None:
    """`--roles 财务,审批`."""
    roles = asked("officer.enroll", "roles")
    for typed in ("finance,approver", "财务,审批", "财务，审批", "财务、approver", "财务, 审批"):
        assert parse_field(roles, typed) == ["finance", "approver"]


@pytest.mark.parametrize(("typed", "suggested"), [("省级别", "省级"), ("Province", "province"), ("provinse", "province"), ("县级市", "县级")])
def test_an_unknown_word_is_answered_with_the_nearest_and_the_list(typed: str, suggested: str) -> None:
    """In both languages; the Chinese list names both forms."""
    for language in ("zh", "en"):
        speak(language)
        field = asked("quota.receive", "source_level")
        with pytest.raises(InputRejected) as caught:
            parse_field(field, typed)
        assert caught.value.code == "INPUT.FIELD"
        assert suggested in caught.value.hint.partition("？" if language == "zh" else "?")[0]
        assert all(choice in caught.value.hint for choice in choices_of(field, language == "zh"))
    speak("en")
    assert choices_of(field, True)[1] == "province 省级"


def test_lists_and_previews_say_choices_in_chinese(tmp_path: Path) -> None:
    """A list, a preview and `show`; JSON keeps the word that is recorded, and English shows it."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    assert "财务、国库、审批" in shell.line("officer list").out
    assert "县级" in shell.line("authority list").out
    assert "省级" in shell.line("show Q1").out
    line = "--as wang quota receive --quota Q2 --holder 999901 --amount 1 --year 2025 --source-level 中央 --fund-nature 衔接资金 --dry-run"
    done = shell.line(line)
    assert ("资金级次：中央" in done.out, "资金性质：衔接资金" in done.out) == (True, True), done
    for english in (shell.line(f"{line} --lang en").out, shell.line("officer list --lang en").out, shell.line("show Q1 --lang en").out):
        assert not any(word in english for word in ("中央", "财务", "省级"))
    assert shell.line("officer list --json").json["officers"][2]["roles"] == ["finance", "treasury", "approver"]
    assert shell.line("show Q1 --json").json["entries"][0]["data"]["source_level"] == "province"
