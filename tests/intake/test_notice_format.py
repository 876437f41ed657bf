"""Bad files: each refused with a code and a problem that names the place."""

import json
from typing import Any

import pytest
from notice_examples import line, small

from ledger.errors import InputRejected
from ledger.intake.divisions import bundled_notices
from ledger.intake.notice import read_notices


def refused(raw: bytes) -> InputRejected:
    with pytest.raises(InputRejected) as caught:
        read_notices(raw)
    assert caught.value.problems
    assert all(problem["code"] in ("INPUT.JSON", "INPUT.NOTICE") for problem in caught.value.problems)
    return caught.value


def file(*notices: Any) -> bytes:
    return json.dumps(list(notices), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "line 1, column 1"),
        (b"title: x", "line 1, column 1"),
        (b'[\n{"id": }]', "line 2, column 8"),
        (b"\xef\xbb\xbf[]", "byte order mark"),
        ("[]".encode("utf-16"), "byte order mark"),
        ('{"id": "睢县"}'.encode("gbk"), "byte 8: not UTF-8"),
        (b"[" * 100_000, "line 1: nested deeper than 16 levels"),
        (b'{"a":' * 100_000, "line 1: nested deeper than 16 levels"),
        (b"[" + b" " * 20_000_000 + b"]", "at most 20,000,000"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(raw: bytes, words: str) -> None:
    error = refused(raw)
    assert error.code == "INPUT.JSON"
    assert words in error.message


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[]", "no notice"),
        (b"[1, 2]", "notice 1: the notice: a number stands"),
        (b'"text"', "notice 1"),
        (b"null", "notice 1"),
        (b"{}", "notice 1: sources: missing"),
    ],
)
def test_what_is_no_notice_is_refused(raw: bytes, words: str) -> None:
    error = refused(raw)
    assert error.code == "INPUT.NOTICE"
    assert words in error.message


def test_a_number_that_is_none_is_named() -> None:
    raw = file(small(lines=[line("x", None)])).replace(b'"amount": null', b'"amount": NaN')
    error = refused(raw)
    assert error.code == "INPUT.JSON"
    assert error.problems[0]["field"] == "lines[0].amount"
    assert error.problems[0]["notice"] == 1
    assert error.problems[0]["id"] == "small"


def test_a_key_that_stands_twice_is_named() -> None:
    raw = file(small(), small(id="other")).replace(b'"id": "other"', b'"id": "other", "total": "1"')
    error = refused(raw)
    assert (error.code, error.problems[0]["field"], error.problems[0]["notice"]) == ("INPUT.JSON", "total", 2)


@pytest.mark.parametrize("number", ["100", "1.5", "1" * 5000, "-0.0", "1e999"])
def test_an_amount_written_as_a_number_is_refused_with_its_cell(number: str) -> None:
    raw = file(small(lines=[line("a", "1"), line("b", "@")])).replace(b'"@"', number.encode())
    error = refused(raw)
    assert error.code == "INPUT.NOTICE"
    assert [problem["field"] for problem in error.problems] == ["lines[1].amount"]
    assert "must be text as printed" in error.message


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": "  "}, "title"),
        ({"title": "上\n下"}, "title"),
        ({"place": "河南\u200b省"}, "place"),
        ({"id": ["x"]}, "id"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"complete": "yes"}, "complete"),
        ({"doc_nos": "x"}, "doc_nos"),
        ({"doc_nos": ["x", 5]}, "doc_nos[1]"),
        ({"notice_window": ["2024", "2025", "2026"]}, "notice_window"),
        ({"sources": {}}, "sources"),
        ({"lines": [[]]}, "lines[0]"),
        ({"lines": [{"name": 7}]}, "lines[0].name"),
        ({"lines": [{"extra": ["x"]}]}, "lines[0].extra"),
        ({"lines": [{"extra": {"central": 5}}]}, "lines[0].extra.central"),
        ({"lines": [{"name": "长" * 1001}]}, "lines[0].name"),
        ({"lines": [{}] * 3001}, "lines"),
        ({"notes": 5}, "notes"),
        ({"date": 2024}, "date"),
        ({"a\nb": "x"}, "a\\nb"),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(changes: dict[str, Any], field: str) -> None:
    error = refused(file(small(), small(**{"id": "b", **changes})))
    assert error.code == "INPUT.NOTICE"
    assert [(problem["notice"], problem["field"]) for problem in error.problems] == [(2, field)]


def test_every_problem_of_a_file_is_told_at_once() -> None:
    error = refused(file(small(title=1, url=2), small(id="b", date=None)))
    assert [(problem["notice"], problem["field"]) for problem in error.problems] == [
        (1, "title"),
        (1, "url"),
        (2, "date"),
    ]


def test_an_id_that_stands_twice_is_refused() -> None:
    error = refused(file(small(), small(title="其他2024年公告")))
    assert (error.problems[0]["notice"], error.problems[0]["field"]) == (2, "id")


def test_lone_surrogates_are_refused() -> None:
    error = refused(b'{"id": "\\ud800", "sources": [], "lines": []}')
    assert error.code == "INPUT.NOTICE"


def test_one_object_is_a_file_and_text_becomes_normal_form_c() -> None:
    (notice,) = read_notices(json.dumps(small(title="cafe\u0301 2024年")).encode())
    assert notice["title"] == "caf\u00e9 2024年"


def test_the_transcriber_s_notes_may_have_lines() -> None:
    (notice,) = read_notices(file(small(notes="一\n二")))
    assert notice["notes"] == "一\n二"


def test_the_bundled_file_is_in_its_stable_form() -> None:
    notices = read_notices(bundled_notices())
    assert len(notices) == 35
    assert all(notice["url"].startswith("http") for notice in notices)
