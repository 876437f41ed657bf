"""The two codes, as a telephone and a verifier read them."""

import shutil
import subprocess

import pytest
import segno
from paper_examples import NOTE, example_county, transcribed

from reports.allocation import draw
from reports.block import MM
from reports.codes import TOO_LONG, Code, Codes, matrix


def test_a_code_holds_the_exact_text_at_level_m():
    expected = segno.make_qr(NOTE, error="m", mode="byte", encoding="utf-8", boost_error=False)
    assert matrix(NOTE) == [[bool(cell) for cell in row] for row in expected.matrix]
    assert expected.version == 10


def test_a_checkpoint_code_is_30_mm_and_its_modules_never_smaller_than_0_45_mm():
    codes = Codes([Code("短", "", ""), Code(NOTE, "", ""), Code(NOTE * 2, "", "")])
    assert codes._sizes[0] == pytest.approx(30 * MM)
    assert codes._sizes[1] == pytest.approx(30 * MM, rel=0.03)
    for size, dark in zip(codes._sizes, codes._matrices, strict=True):
        assert size / (len(dark) + 8) >= 0.45 * MM - 1e-9


@pytest.mark.parametrize("length", [2_000, 100_000])
def test_a_text_too_long_for_a_code_says_so_in_words(length):
    codes = Codes([Code("x" * length, "", "说明。")])
    assert codes._matrices == [None]
    assert "".join(codes._captions[0]) == "说明。" + TOO_LONG


@pytest.mark.skipif(not (shutil.which("zbarimg") and shutil.which("pdftoppm")), reason="needs zbarimg and pdftoppm")
@pytest.mark.parametrize("figures", [example_county(12), transcribed()], ids=["own", "transcribed"])
def test_both_codes_are_read_from_paper_at_150_dpi(figures, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(draw(figures, b"{}"))
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", "paper.pdf", "page"], cwd=tmp_path, check=True)
    pages = sorted(map(str, tmp_path.glob("page*.png")))
    read = subprocess.run(["zbarimg", "-q", "--raw", *pages], capture_output=True, text=True, check=False).stdout
    assert NOTE in read
    told = "已载明金额的3项来源共2,530万元，其余收到的数额原文未载" if figures.transcribed else "收到资金"
    assert f"{figures.title}：{told}" in read
    assert ("0999-0000000" if figures.phone else "原公告未载监督电话") in read
