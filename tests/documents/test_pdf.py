"""The finished file: its fonts, its text, its attachments, its bytes."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from paper_examples import allocation, example_county, transcribed
from paper_reader import reader, text_of, used_fonts

from reports.allocation import draw
from reports.model import Line
from reports.pdf import moment, to_unicode
from reports.rows import rows_csv

HERE = Path(__file__).resolve().parent
EVIDENCE = b'{"format":"sunledger.disclosure/1"}'
FORBIDDEN = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/URI", "/SubmitForm", "/GoToR", "/RichMedia"}


@pytest.fixture(scope="module")
def papers():
    return [draw(example_county(60), EVIDENCE), draw(transcribed(), EVIDENCE)]


def test_no_font_but_the_vendored_faces_is_selected_or_held(papers):
    for paper in papers:
        selected, held = used_fonts(paper)
        assert {name[8:] for name in selected | held} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
        assert all(name[7] == "+" for name in held), "each is a subset"
        assert b"Helvetica" not in paper


def test_every_font_is_embedded_and_maps_to_unicode(papers):
    for paper in papers:
        pdf = reader(paper)
        for page in pdf.pages:
            for font in page["/Resources"]["/Font"].values():
                font = font.get_object()
                assert "/ToUnicode" in font
                assert "/FontFile2" in font["/FontDescriptor"]


def test_characters_beyond_the_basic_plane_copy_as_themselves():
    """𫭟 (U+2BB5F) was copied as another character by the CMap reportlab writes."""
    paper = draw(allocation((), [Line(1, "𫭟口村䶮江", "㐂村", "", "project", 100)]), b"{}")
    assert "𫭟口村䶮江" in text_of(paper)
    assert "〔U+3402〕村" in text_of(paper)  # the face has no such character


def test_a_unicode_map_is_utf_16_in_blocks_of_at_most_100():
    raw = b"256 beginbfchar\n" + b"".join(b"<%02X> <%04X>\n" % (code, 0x2BB00 + code) for code in range(256)) + b"endbfchar"
    cmap = to_unicode(raw)
    assert b"<5F> <D86EDF5F>" in cmap
    assert [int(line.split()[0]) for line in cmap.splitlines() if b"beginbfchar" in line] == [100, 100, 56]


def test_a_unicode_map_leaves_out_codes_without_a_character():
    assert b"<00>  <0000>" not in to_unicode(b"2 beginbfchar\n<00> <0000>\n<01> <4E00>\nendbfchar")
    assert b"1 beginbfchar\n<01> <4E00>\nendbfchar" in to_unicode(b"2 beginbfchar\n<00> <0000>\n<01> <4E00>\nendbfchar")


def test_the_file_is_well_formed_to_qpdf(papers):
    for paper in papers:
        with pikepdf.open(BytesIO(paper)) as pdf:
            assert pdf.check_pdf_syntax() == []


def test_b54_nothing_in_the_file_acts(papers):
    for paper in papers:
        pdf = reader(paper)
        found = {key for number in range(1, pdf.trailer["/Size"]) for key in keys_of(pdf, number)}
        assert {"/Outlines", "/Contents", "/EmbeddedFiles"} <= found, "the walk reaches the whole file"
        assert not found & FORBIDDEN


def keys_of(pdf, number):
    """Every dictionary key in one object, by a walk that does not follow references."""
    todo = [pdf.get_object(number)]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            yield from item
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


def test_b54_the_title_is_text_and_the_language_is_chinese():
    place = "示例县)/OpenAction<</S/JavaScript/JS(app.alert(1))>>(<b>&amp;"
    paper = draw(allocation((), (), place=place), b"{}")
    pdf = reader(paper)
    assert pdf.metadata.title == f"{place}2025年资金分配公告"
    assert pdf.xmp_metadata.dc_title["x-default"] == f"{place}2025年资金分配公告"
    assert pdf.trailer["/Root"]["/Lang"] == "zh-CN"
    assert "/OpenAction" not in pdf.trailer["/Root"]


def test_attachments_are_associated_files_that_come_back_unchanged(papers):
    pdf = reader(papers[0])
    assert {name: data[0] for name, data in pdf.attachments.items()} == {
        "disclosure.json": EVIDENCE, "rows.csv": rows_csv(example_county(60))}
    specs = [spec.get_object() for spec in pdf.trailer["/Root"]["/AF"]]
    assert [(spec["/F"], spec["/AFRelationship"]) for spec in specs] == [("disclosure.json", "/Data"), ("rows.csv", "/Data")]


def test_every_date_in_the_file_is_the_checkpoints(papers):
    pdf = reader(papers[0])
    assert pdf.metadata["/CreationDate"] == pdf.metadata["/ModDate"] == "D:20251231173000+08'00'"
    assert pdf.xmp_metadata.xmp_create_date == pdf.xmp_metadata.xmp_modify_date
    for spec in pdf.trailer["/Root"]["/AF"]:
        assert spec["/EF"]["/F"]["/Params"]["/CreationDate"] == "D:20251231173000+08'00'"


def test_a_time_without_a_zone_is_beijings():
    assert moment("2025-06-30").isoformat() == "2025-06-30T00:00:00+08:00"
    assert moment("2025-06-30T16:30:00Z").isoformat() == "2025-07-01T00:30:00+08:00"


def test_b55_two_processes_draw_the_same_bytes(papers):
    """Other hash seeds, another time zone, another locale, another folder."""
    script = (
        f"import sys, hashlib; sys.path[:0] = [{str(HERE.parents[1])!r}, {str(HERE)!r}]\n"
        "from paper_examples import example_county, transcribed\nfrom reports.allocation import draw\n"
        f"print(*(hashlib.sha256(draw(f, {EVIDENCE!r})).hexdigest() for f in (example_county(60), transcribed())))"
    )
    expected = [hashlib.sha256(paper).hexdigest() for paper in papers]
    for seed, zone in (("1", "UTC"), ("77", "Asia/Shanghai")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8"}
        run = subprocess.run([sys.executable, "-c", script], env=environment, cwd=HERE.parents[1], capture_output=True,
                             text=True, check=True)
        assert run.stdout.split() == expected


def test_b55_a_paper_does_not_depend_on_papers_drawn_before(papers):
    assert draw(example_county(60), EVIDENCE) == papers[0]


def test_another_checkpoint_makes_other_bytes(papers):
    assert draw(example_county(61), EVIDENCE) != papers[0]
    assert draw(example_county(60), b"{}") != papers[0]
