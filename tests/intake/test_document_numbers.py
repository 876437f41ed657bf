"""Document numbers: five kinds of bracket, one normal form, kept as printed."""

import pytest
from notice_examples import codes, of_kind, paper, plan, small

from ledger.intake.document_numbers import differing_years, normal_form, read_document_numbers


@pytest.mark.parametrize(
    "printed",
    [
        "豫财农〔2017〕191号",
        "豫财农﹝2017﹞191号",
        "豫财农[2017]191号",
        "豫财农（2017）191号",
        "豫财农(2017)191号",
        "豫财农 〔2017〕 191 号",
        "豫财农﹝2017]第191号",
    ],
)
def test_five_brackets_have_one_normal_form(printed: str) -> None:
    (number,) = read_document_numbers(printed)
    assert (number.number, number.printed) == ("豫财农〔2017〕191号", printed)
    assert (number.issuer, number.year, number.serial) == ("豫财农", "2017", "191")


def test_a_cell_may_hold_two_numbers() -> None:
    assert normal_form("豫财农﹝2017﹞191号、郑财预[2017]814号") == "豫财农〔2017〕191号、郑财预〔2017〕814号"
    assert normal_form("豫财农(2017)191号和郑财预(2017)814号") == "豫财农〔2017〕191号、郑财预〔2017〕814号"


def test_a_text_of_another_form_stays_as_it_is() -> None:
    assert normal_form("豫财农2017年191号") == "豫财农2017年191号"
    found = plan(small(doc_nos=["豫财农2017年191号"]))
    assert "document_number_unusual" in codes(found)
    assert paper(found)["document_numbers"] == [
        {"printed": "豫财农2017年191号", "number": "豫财农2017年191号"}
    ]


def test_one_issuer_and_serial_in_two_years_is_told_once() -> None:
    texts = [
        "郑财预﹝2017﹞833号",
        "郑财预﹝2016﹞833号",
        "郑财预[2016]833号",
        "郑财预﹝2016﹞834号",
        "豫财农﹝2016﹞833号",
    ]
    numbers = [number for text in texts for number in read_document_numbers(text)]
    assert [(a.number, b.number) for a, b in differing_years(numbers)] == [
        ("郑财预〔2017〕833号", "郑财预〔2016〕833号")
    ]


def test_sources_may_have_no_number_two_or_a_shared_one() -> None:
    shared = "豫财农[2017]1号"
    rows = [("甲", None), ("乙", "豫财农〔2017〕2号、商财预(2017)3号"), ("丙", shared), ("丁", shared)]
    sources = [{"name": name, "level": "central", "amount": "25", "doc_no": number} for name, number in rows]
    found = [draft.data for draft in of_kind(plan(small(sources=sources)), "quota.receive")]
    assert [data["quota"] for data in found] == ["small.S1", "small.S2", "small.S3", "small.S4"]
    assert [data.get("document_number") for data in found] == [
        None,
        "豫财农〔2017〕2号、商财预〔2017〕3号",
        "豫财农〔2017〕1号",
        "豫财农〔2017〕1号",
    ]
    assert [data.get("document_number_printed") for data in found] == [
        None,
        "豫财农〔2017〕2号、商财预(2017)3号",
        shared,
        shared,
    ]
