"""The vendored faces: which bytes, from where, and what they cannot draw."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from paper_examples import allocation, example_county
from paper_reader import text_of

from ledger.errors import StorageTrouble
from reports import typeface
from reports.allocation import draw
from reports.model import Line

ROOT = Path(__file__).resolve().parents[2]


def test_font_sums_in_code_and_in_sha256sums_are_those_of_the_files():
    listed = dict(reversed(line.split("  ")) for line in (typeface.FOLDER / "SHA256SUMS").read_text().splitlines())
    assert listed == {f"{name}.ttf": digest for name, digest in typeface.SHA256.items()}
    for name in typeface.SHA256:
        assert typeface.read_face(name, typeface.FOLDER)[:4] == b"\0\1\0\0"
    assert "SIL Open Font License, Version 1.1" in (typeface.FOLDER / "OFL.txt").read_text()


def test_b53_a_missing_font_is_storage_trouble(tmp_path):
    with pytest.raises(StorageTrouble) as caught:
        typeface.read_face(typeface.REGULAR, tmp_path)
    assert (caught.value.code, caught.value.exit_code) == ("PAPER.FONT", 13)


def test_b53_an_altered_font_is_storage_trouble(tmp_path):
    data = bytearray(typeface.read_face(typeface.BOLD, typeface.FOLDER))
    data[-1] ^= 1
    (tmp_path / f"{typeface.BOLD}.ttf").write_bytes(data)
    with pytest.raises(StorageTrouble):
        typeface.read_face(typeface.BOLD, tmp_path)


def test_b53_no_font_is_looked_for_in_a_temporary_folder(tmp_path):
    """A poisoned copy in TMPDIR and in the working folder is never opened."""
    for name in typeface.SHA256:
        (tmp_path / f"{name}.ttf").write_bytes(b"poison")
    script = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        f"sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\n"
        "from paper_examples import example_county\nfrom reports.allocation import draw\n"
        "draw(example_county(3), b'{}')\nprint(*(name for name in opened if name.lower().endswith(('.ttf', '.otf', '.afm', '.pfb'))), sep='\\n')"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
                         capture_output=True, text=True, check=True)
    assert {Path(name).parent for name in run.stdout.split()} == {typeface.FOLDER}


def test_both_faces_draw_the_same_characters():
    regular, bold = (set(typeface.face(name).face.charToGlyph) for name in typeface.SHA256)
    assert regular == bold


def test_the_papers_own_words_have_glyphs():
    """Every character in the package's source but in the breaker, which names ranges."""
    sources = [path for path in (ROOT / "reports").glob("*.py") if path.name != "linebreak.py"]
    assert sources
    assert typeface.missing_glyphs(path.read_text(encoding="utf-8") for path in sources) == []


UNDRAWN = "😀שלום𠮷\ue000\u200b\ud800བོད་ئۇيغۇر\u0301\x07"


def test_a_character_without_a_glyph_stands_as_its_code():
    """Emoji, right to left, rare ideographs, private use, no width, half a surrogate, Tibetan, Uyghur, a mark, a bell."""
    for char in UNDRAWN:
        if typeface.missing_glyphs([char]):
            assert typeface.drawable(f"甲{char}乙") == f"甲〔U+{ord(char):04X}〕乙"
            assert typeface.missing_glyphs([typeface.drawable(char)]) == []
            assert typeface.measure(char, typeface.BOLD, 10) == typeface.measure(typeface.drawable(char), typeface.BOLD, 10)
    assert {char for char in "😀שלום𠮷\ue000\u200b\ud800" if not typeface.missing_glyphs([char])} == set()
    assert typeface.drawable("示例县　𫭟 é\n\t") == "示例县　𫭟 é\n\t"


@pytest.mark.parametrize("field", ["place", "ledger_name", "book", "phone", "objection"])
def test_b51_a_missing_glyph_keeps_no_paper_from_its_readers(field):
    """In every printed field, of any length: drawn, the same each time, and copied as its code."""
    figures = replace(example_county(2), **{field: "钱💰" * 30})
    paper = draw(figures, b"{}")
    assert draw(figures, b"{}") == paper
    assert "钱〔U+1F4B0〕" in "".join(text_of(paper).split())


def test_b51_a_missing_glyph_in_a_table_a_bar_and_a_name():
    recorded = UNDRAWN.replace("\ud800", "")  # which no content can hold
    figures = allocation((), [Line(1, recorded, recorded, recorded, "project", 100)], place=f"示例{recorded[0]}县")
    text = "".join(text_of(draw(figures, b"{}", lang="en")).split())
    for char in "😀ש𠮷\ue000\u200b":
        assert f"〔U+{ord(char):04X}〕" in text


def test_faces_keep_what_names_of_people_and_places_are_written_with() -> None:
    """All of GBK that the family draws, the bundled division names, and of extension A just the stated part."""
    from ledger.intake.divisions import bundled_notices
    from tests import fonts

    drawn = set(typeface.face(typeface.REGULAR).face.charToGlyph)
    assert {code for code in drawn if code in fonts.EXTENSION_A} == {code for code in fonts.EXTENSION_A if fonts.is_kept(code)}
    hanzi = {code for code in range(0x4E00, 0x9FA6) if len(chr(code).encode("gb18030")) == 2}
    assert hanzi <= drawn
    written = set(bundled_notices().decode()) | set("".join(path.read_text("utf-8") for path in (typeface.FOLDER.parents[1] / "ledger" / "data").glob("*divisions.csv")))
    assert {ord(char) for char in written if char.isprintable()} <= drawn
