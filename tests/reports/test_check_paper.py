"""A paper checked offline: what is changed in it, beside it or over it is told, and never a traceback (F-21, B-70…77)."""

import json
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from pypdf.generic import NameObject

from ledger.disclosure.build import build_book, newest_point, prove_many
from ledger.disclosure.check import check
from ledger.disclosure.shape import read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, IntegrityFailed
from reports.allocation import draw
from reports.check import check_pdf, open_pdf
from reports.commands import draw_allocation, later_reversals
from reports.figures import allocation
from reports.pdf import MARK, PRODUCER
from tests.disclosure.county import COUNTY, YEAR, County, note_of, trust_in
from tests.verifier.forge import NOW
from tests.world import codes
from verifier import verify as v


class Published:
    """One good paper in both languages, and what its reader trusts."""

    def __init__(self, folder: Path) -> None:
        self.county = County(folder)
        self.raw = self.county.disclosure()
        self.disclosure = read(self.raw)
        self.trust = trust_in(self.county.ledger_id, self.county.first)
        self.figures = allocation(self.disclosure, check(self.disclosure))
        self.paper = draw(self.figures, self.raw)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The county's second report."""
    return Published(tmp_path_factory.mktemp("county"))


def judged(published: Published, data: bytes) -> tuple[int, set[str]]:
    """The exit code and codes of a check."""
    try:
        found = check_pdf(data, published.trust)
    except (InputRejected, IntegrityFailed) as error:
        return error.exit_code, {error.code}
    return (10 if found.problems else 11 if found.undecided else 0), set(codes(found.problems + found.undecided))


def test_the_good_paper_is_the_one_its_evidence_gives(published: Published) -> None:
    """In Chinese alone and with the page in English; the checkpoint of the paper is that of its disclosure."""
    for lang in ("zh", "en"):
        paper = draw(published.figures, published.raw, lang=lang)
        found = check_pdf(paper, published.trust)
        assert (found.ok, found.pages, found.problems, found.undecided) == (True, "same", [], [])
        assert found.figures == published.figures
        assert open_pdf(paper).note == published.figures.head.note
        assert open_pdf(paper).disclosure == published.disclosure


def test_with_nobody_to_trust_the_paper_is_only_consistent(published: Published) -> None:
    """Its pages are those of its evidence, and nobody vouches for that."""
    found = check_pdf(published.paper, Trust())
    assert (found.ok, found.pages, found.checked.verdict) == (False, "same", "consistency only: nobody you trust vouches for it")


# --- F-21: the pages say other than the evidence -----------------------------------------------------------------------


def _without_line(p: Published) -> dict[str, Any]:
    line = p.figures.lines[1]
    assert line.amount_fen
    return {"lines": (p.figures.lines[0], *p.figures.lines[2:]), "arranged_fen": p.figures.arranged_fen - line.amount_fen,
            "unarranged_fen": p.figures.unarranged_fen + line.amount_fen}  # fmt: skip


@pytest.mark.parametrize("change", [
    _without_line,
    lambda p: {"paid_fen": p.figures.paid_fen + 100},
    lambda p: {"place": "别县"},
    lambda p: {"phone": "0999-0000000"},
    lambda p: {"invented": False},
    lambda p: {"year": YEAR + 1},
    lambda p: {"lines": (replace(p.figures.lines[0], name="另一项目"), *p.figures.lines[1:])},
    lambda p: {"range": replace(p.figures.range, taken_back=0)},
    lambda p: {"head": replace(p.figures.head, ledger_id="0" * 64)},
    lambda p: {"head": replace(p.figures.head, at="2026-11-25T00:00:00Z")},
], ids=["row left out", "total forced", "place", "telephone", "mark", "year", "name", "reversals", "ledger id", "date"])  # fmt: skip
def test_f21_a_paper_drawn_from_other_figures_is_altered(published: Published, change: Callable[[Published], dict[str, Any]]) -> None:
    """By the product's own drawing, with the true evidence attached: PAPER.ALTERED, and the true figures are handed back."""
    forged = draw(replace(published.figures, **change(published)), published.raw)
    found = check_pdf(forged, published.trust)
    assert (codes(found.problems), found.pages) == (["PAPER.ALTERED"], "altered")
    assert found.figures == published.figures
    assert not found.ok


def test_f21_a_forced_total_never_reaches_the_paper(published: Published) -> None:
    """A total that is not the sum of its parts stops before anything is drawn."""
    with pytest.raises(AssertionError):
        replace(published.figures, received_fen=published.figures.received_fen + 1)


def test_f22_what_was_taken_back_after_the_head_is_told_where_the_ledger_knows(tmp_path: Path) -> None:
    """The paper of the first report stands as it was; whoever draws it again is told of the reversal just outside."""
    county = County(tmp_path, second_report=False)
    with county.world.ledger.reading() as session:
        point = newest_point(session, COUNTY)
        disclosure = read(build_book(session, COUNTY, YEAR, point, note_of(point.size, point.root)))
        figures = allocation(disclosure, check(disclosure))
        assert later_reversals(session, figures) == []
    fund = next(line.seq for line in figures.lines if line.kind == "release")
    county.about("late", _key("WANG"), "entry.reverse", "rel2", reason="下达有误")
    county.about("latec", _key("SUN"), "entry.confirm", "late")
    with county.world.ledger.reading() as session:
        assert later_reversals(session, figures) == [fund]
    assert read(county.disclosure()) == disclosure


def _key(name: str) -> Any:
    from tests.disclosure import county

    return getattr(county, name)


def test_f22_the_paper_says_its_range_what_earlier_years_left_and_what_was_taken_back(published: Published) -> None:
    """7.77 yuan of last year's quota are not arranged; an approval, a fund that waited, and a project were taken back."""
    assert published.figures.range.entries == (("999901/money", 21), ("999901/open", 6))
    assert published.figures.range.earlier_fen == 777
    assert published.figures.range.taken_back == 2  # pa2, and f3, which was called off
    assert published.figures.range.void == 1
    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(published.paper)).pages).split())
    assert "以前年度指标在本机构尚未安排的余额7.77元，不计入上列金额" in text
    assert "其中2条已红字冲销" in text


def test_the_figures_are_those_of_the_ledgers_own_state(published: Published) -> None:
    """Computed from the disclosure alone, they are what balances and objects of the ledger say."""
    figures, county = published.figures, published.county
    balance = county.world.balance
    with county.world.ledger.reading() as session:
        held = list(session.state.balances())
    assert figures.received_fen == 30_000_000 + 10_000_000
    assert figures.arranged_fen == 25_000_000 + 3_000_000 + 1_000_000
    assert figures.unarranged_fen == balance(f"{COUNTY}:available", "Q1") + balance(f"{COUNTY}:available", "Q2")
    assert figures.paid_fen == balance("P1:paid", "Q1") == 1_000_000
    assert figures.reserved_fen == sum(n for (account, _, _), n in held if account.endswith(":reserved")) == 500_000 + 700_000
    assert [(line.name, line.amount_fen) for line in figures.lines] == [
        ("示例项目P1", 25_000_000), ("示例项目P2", 3_000_000), ("示例镇", 1_000_000)]  # fmt: skip
    assert county.steps[figures.lines[0].seq] == "f1"


# --- B-70 … B-77: attacks on the file ----------------------------------------------------------------------------------


def edited(data: bytes, edit: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    """The paper after an edit, saved as the product saves."""
    with pikepdf.Pdf.open(BytesIO(data)) as pdf:
        edit(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True, **options)
    return out.getvalue()


def _attach(name: str, raw: bytes) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, raw, filename=name)

    return edit


def _second_of_the_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["other.json"] = pikepdf.AttachedFileSpec(pdf, b"{}", filename="disclosure.json")


def _second_in_the_tree(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.Names.EmbeddedFiles.Names
    other = pikepdf.AttachedFileSpec(pdf, b"{}", filename="other.json").obj
    names.extend([pikepdf.String("disclosure.json"), pdf.make_indirect(other)])


def _second_on_the_page(pdf: pikepdf.Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(pdf, b"{}", filename="disclosure.json").obj
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def _overlay(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[50, 500, 500, 700],
                              Contents=pikepdf.String("已安排 0 元"))  # fmt: skip
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def _layer(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("hidden")))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group]))


def _page_swap(pdf: pikepdf.Pdf) -> None:
    pdf.pages.insert(0, pdf.pages[-1])
    del pdf.pages[-1]


def _page_text(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.contents_add(b"1 1 1 rg 0 0 600 800 re f")


def _other_head(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Subject"] = "检查点 9999 条"


def _unused(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Dictionary(x=pdf.make_stream(b"hidden")))


ALTERED, REFUSED = (10, {"PAPER.ALTERED"}), (3, {"INPUT.PDF"})


@pytest.mark.parametrize(("edit", "expected"), [
    (_attach("disclosure.json", b"{}"), (3, {"INPUT.DISCLOSURE"})),
    (_attach("rows.csv", b"x"), ALTERED),
    (_attach("more.txt", b"x"), ALTERED),
    (_second_of_the_name, ALTERED),
    (_second_in_the_tree, ALTERED),
    (_second_on_the_page, ALTERED),
    (_overlay, ALTERED),
    (_layer, ALTERED),
    (_page_swap, ALTERED),
    (_page_text, ALTERED),
    (_other_head, ALTERED),
    (_unused, ALTERED),
    (lambda pdf: pdf.pages.__delitem__(-1), ALTERED),
    (lambda pdf: pdf.pages[0].obj.__setitem__("/Rotate", 90), ALTERED),
    (lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", pikepdf.Array([0, 0, 10, 10])), ALTERED),
    (lambda pdf: pdf.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))), ALTERED),
    (lambda pdf: pdf.Root.__setitem__("/AcroForm", pikepdf.Dictionary(Fields=[])), ALTERED),
    (lambda pdf: pdf.Root.Names.__setitem__("/JavaScript", pikepdf.Dictionary(Names=[])), ALTERED),
    (lambda pdf: pdf.attachments.__delitem__("disclosure.json"), REFUSED),
], ids=["B-70 attachment", "B-70 rows", "B-70 another", "B-71 second spec", "B-71 second in tree", "B-71 second on page", "B-73 overlay",
        "B-74 layer", "B-75 page swap", "page text", "B-77 metadata", "unused object", "page cut", "turned", "cropped", "action", "form",
        "script", "none attached"])  # fmt: skip
def test_b70_to_b77_edits_are_altered_or_refused(published: Published, edit: Callable[[pikepdf.Pdf], None], expected: tuple[int, set[str]]) -> None:
    """E10 or E3, each by its code."""
    assert judged(published, edited(published.paper, edit)) == expected


OTHER = "sunledger 9.9.9; reportlab 9"
PACKED: dict[str, dict[str, Any]] = {
    "as saved": {}, "linearized": {"linearize": True}, "object streams": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    "no object streams": {"object_stream_mode": pikepdf.ObjectStreamMode.disable}, "deflated anew": {"recompress_flate": True},
    "inflated": {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized}, "for people": {"qdf": True},
}  # fmt: skip


def packed(data: bytes, how: dict[str, Any], edit: Callable[[pikepdf.Pdf], None] = lambda pdf: None) -> bytes:
    """A paper saved by another program, perhaps after an edit."""
    with pikepdf.Pdf.open(BytesIO(data)) as pdf:
        edit(pdf)
        out = BytesIO()
        pdf.save(out, **how)
    return out.getvalue()


def _deflated_otherwise(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.stream_dict.get("/Type") != pikepdf.Name.ObjStm:
            item.write(zlib.compress(item.read_bytes(), 1), filter=pikepdf.Name.FlateDecode)


@pytest.mark.parametrize("how", PACKED.values(), ids=PACKED)
def test_a_paper_packed_anew_is_the_same_paper(published: Published, how: dict[str, Any]) -> None:
    """By another zlib, qpdf or pikepdf, its objects numbered otherwise: nothing that anybody sees is another."""
    for lang in ("zh", "en"):
        paper = draw(published.figures, published.raw, lang=lang)
        assert judged(published, packed(paper, how)) == (0, set())
        assert judged(published, packed(paper, how, _deflated_otherwise)) == (0, set())
        assert v.attached(packed(paper, how)).encode() == published.raw


def _content(pdf: pikepdf.Pdf, change: Callable[[bytes], bytes], page: int = 0) -> None:
    stream = pdf.pages[page].obj.Contents
    stream.write(change(stream.read_bytes()))


def _one_digit(pdf: pikepdf.Pdf) -> None:
    _content(pdf, lambda text: re.sub(rb"\(([^()\\]*)([^()\\])\) Tj", lambda found: b"(%b%b) Tj" % (found[1], found[2][:0] + b"!"), text, count=1))


def _font_map(pdf: pikepdf.Pdf) -> None:
    font = next(item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item)
    font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"<4E", b"<4F", 1))


def _glyphs(pdf: pikepdf.Pdf) -> None:
    file = next(item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item).FontFile2
    raw = bytearray(file.read_bytes())
    raw[-5] ^= 1
    file.write(bytes(raw))


def _loose(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(pikepdf.Dictionary(x=pdf.make_stream(b"hidden")))


def _without_marks(pdf: pikepdf.Pdf) -> None:
    for number in range(len(pdf.pages)):
        _content(pdf, lambda text: text.partition(b"\n")[2] if text.startswith(MARK) else text, number)


EDITS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "box over the figures": lambda pdf: pdf.pages[0].contents_add(b"1 1 1 rg 0 0 600 800 re f"),
    "box within the page": lambda pdf: _content(pdf, lambda text: text + b"\n1 1 1 rg 0 0 600 800 re f"),
    "one character": _one_digit, "what is copied": _font_map, "a glyph": _glyphs, "page deleted": lambda pdf: pdf.pages.__delitem__(-1),
    "pages swapped": _page_swap, "page twice": lambda pdf: pdf.pages.append(pdf.pages[0]), "annotation": _overlay, "layer": _layer,
    "turned": lambda pdf: pdf.pages[0].obj.__setitem__("/Rotate", 90), "title": lambda pdf: pdf.docinfo.__setitem__("/Title", "别的公告"),
    "another object": _loose, "attachment": _attach("more.txt", b"x"), "rows": _attach("rows.csv", b"x"),
    "action": lambda pdf: pdf.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize(("how", "producer"), [("as saved", PRODUCER), ("as saved", OTHER), ("linearized", OTHER)])
def test_an_edited_page_is_altered_whatever_it_says_of_itself(published: Published, edit: Callable[[pikepdf.Pdf], None], how: str, producer: str) -> None:
    """10, never 11: under the own producer, and under another version's; who reads no pages refuses what hides them."""

    def change(pdf: pikepdf.Pdf) -> None:
        edit(pdf)
        pdf.docinfo["/Producer"] = producer

    bad = packed(published.paper, PACKED[how], change)
    assert judged(published, bad) == ALTERED
    seen = v.check_bytes(bad, v.Trust(ledger_id=published.county.ledger_id, now=NOW))
    hidden = edit in (_overlay, _layer, EDITS["action"])
    assert (seen.exit_code, [p.code for p in seen.problems]) == ((10, ["PDF.HIDDEN"]) if hidden else (11, []))


def _incremental(data: bytes) -> bytes:
    """B-72: another page content behind the end, as an update."""
    writer = pypdf.PdfWriter(BytesIO(data), incremental=True)
    page = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(pypdf.generic.DecodedStreamObject())
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _metadata_update(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(BytesIO(data), incremental=True)
    writer.add_metadata({"/Title": "别的公告"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _hybrid(data: bytes) -> bytes:
    """B-76: a second table that points at the first one and adds nothing, for readers that prefer tables."""
    start = data.rindex(b"startxref\n") + 10
    previous = int(data[start : data.index(b"\n", start)])
    with pikepdf.Pdf.open(BytesIO(data)) as pdf:
        root, size = pdf.Root.objgen[0], int(pdf.trailer["/Size"])
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n"
    return data + table % (size, root, previous, previous, len(data))


@pytest.mark.parametrize("update", [
    _incremental, _metadata_update, _hybrid, lambda data: data + b"\nx", lambda data: data + data, lambda data: b" " + data,
    lambda data: data.replace(b"%PDF-1.7", b"%PDF-1.4"),
], ids=["B-72 page", "B-72 metadata", "B-76 hybrid", "a byte behind", "twice", "a byte before", "version"])  # fmt: skip
def test_b72_and_b76_bytes_beside_the_paper_are_altered_or_refused(published: Published, update: Callable[[bytes], bytes]) -> None:
    """Whatever is added to the file, it is not the file that the evidence gives."""
    assert judged(published, update(published.paper)) in (ALTERED, REFUSED)


def drawn_by(published: Published, producer: str, *, otherwise: bool = True) -> bytes:
    """The good paper as another version's, which draws its pages otherwise or the same."""
    paper = draw(published.figures, published.raw, producer=producer)
    return edited(paper, lambda pdf: _content(pdf, lambda text: text + b"\n0 0 m")) if otherwise else paper


def test_b72_an_update_that_claims_another_version_is_altered_all_the_same(published: Published) -> None:
    """Only a file written in one go, without overlays and layers, can be another version's."""
    paper = drawn_by(published, OTHER)
    assert judged(published, paper) == (11, {"PAPER.OTHER_VERSION"})
    for bad in (_incremental(paper), edited(paper, _overlay), edited(paper, _layer), _hybrid(paper), paper + b"%x\n1 0 obj null endobj\n"):
        assert judged(published, bad) == ALTERED


def test_another_version_is_undecided_only_where_it_draws_otherwise(published: Published) -> None:
    """The same pages are the same paper, whoever drew them; other pages are told as what cannot be told, with the true figures."""
    for producer in (OTHER, "sunledger 0.0.9; reportlab 3.6.13; pikepdf 8; qpdf 11; zlib 1.2.11"):
        assert judged(published, drawn_by(published, producer, otherwise=False)) == (0, set())
        found = check_pdf(drawn_by(published, producer), published.trust)
        assert (found.pages, found.ok, found.problems) == ("other version", False, [])
        assert found.figures == published.figures
        assert "anybody can write that into a file" in str(found.undecided[-1]["message"])
    for producer in ("somebody 1", "sunledger", f"{OTHER}\n", "sunledger 9; reportlab 9 <script>", "", PRODUCER):
        bad = edited(drawn_by(published, OTHER), lambda pdf, producer=producer: pdf.docinfo.__setitem__("/Producer", producer))  # type: ignore[misc]
        assert judged(published, bad) == ALTERED, producer


def test_without_its_marks_an_edited_page_may_be_another_versions(published: Published) -> None:
    """The limit: who takes every mark away and names another version is not convicted, and not believed either."""

    def forge(pdf: pikepdf.Pdf) -> None:
        _without_marks(pdf)
        _content(pdf, lambda text: text + b"\n1 1 1 rg 0 0 600 800 re f")
        pdf.docinfo["/Producer"] = OTHER

    assert judged(published, edited(published.paper, forge)) == (11, {"PAPER.OTHER_VERSION"})


def test_bytes_that_belong_to_nothing_are_altered(published: Published) -> None:
    """Behind the end, between two objects, a second object of a number that no section names."""
    good = packed(published.paper, PACKED["no object streams"])
    place = good.index(b"endobj\n") + 7
    for bad in (good + b"\0\0x", good + b"1 0 obj\n<<>>\nendobj\n", good[:place] + b"% 9 0 obj\n" + good[place + 10 :]):
        assert judged(published, bad)[0] in (3, 10)


def _encrypted(data: bytes, user: str) -> bytes:
    with pikepdf.Pdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=user))
    return out.getvalue()


@pytest.mark.parametrize("make", [
    lambda data: b"", lambda data: b"%PDF-1.7\n", lambda data: b"PK\x03\x04", lambda data: data[: len(data) // 2], lambda data: data[100:],
    lambda data: _encrypted(data, ""), lambda data: _encrypted(data, "x"), lambda data: bytes(1000), lambda data: data[::-1],
], ids=["nothing", "head", "zip", "half", "tail", "encrypted", "password", "zeros", "backwards"])  # fmt: skip
def test_what_is_no_paper_is_refused(published: Published, make: Callable[[bytes], bytes]) -> None:
    """INPUT.PDF, exit 3."""
    assert judged(published, make(published.paper)) == REFUSED


def unpacked(data: bytes) -> list[bytes]:
    """All that a paper holds, however its streams are deflated: a deflated bit may say nothing."""
    with pikepdf.Pdf.open(BytesIO(data)) as pdf:
        return [item.read_bytes() if isinstance(item, pikepdf.Stream) else repr(item).encode() for item in pdf.objects]


def test_b32_a_paper_cut_or_changed_anywhere_is_never_accepted(published: Published) -> None:
    """At 100 cuts and 100 bytes drawn by a fixed seed: refused or told, never a traceback; or the same paper, packed otherwise."""
    chance = random.Random(32)
    good, size = published.paper, len(published.paper)
    for place in chance.sample(range(size), 100):
        assert judged(published, good[:place])[0] in (3, 10), f"cut at {place}"
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        assert judged(published, bytes(bad))[0] in (3, 10) or unpacked(bytes(bad)) == unpacked(good), f"byte {place}"


def test_an_attachment_that_swells_is_refused_before_it_fills_the_memory(published: Published) -> None:
    """Ten thousand times its size in zeros; and one stored by another filter."""
    bomb = edited(published.paper, _attach("disclosure.json", bytes(70 * 1024 * 1024)))
    assert len(bomb) < 1_000_000
    assert judged(published, bomb) == REFUSED

    def in_hex(pdf: pikepdf.Pdf) -> None:
        stream = pdf.attachments["disclosure.json"].obj["/EF"]["/F"]
        stream.write(stream.read_bytes().hex().encode() + b">", filter=pikepdf.Name.ASCIIHexDecode)

    with pikepdf.Pdf.open(BytesIO(published.paper)) as pdf:
        in_hex(pdf)
        out = BytesIO()
        pdf.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    assert judged(published, out.getvalue()) == REFUSED


# --- the evidence itself is another ------------------------------------------------------------------------------------


def test_evidence_that_fails_gives_no_pages(published: Published) -> None:
    """The findings of the disclosure, and nothing is drawn."""
    raw = json.loads(published.raw)
    raw["proof"] = raw["proof"][:-1]
    forged = draw(published.figures, json.dumps(raw, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())
    found = check_pdf(forged, published.trust)
    assert (codes(found.problems), found.figures, found.pages) == (["DISCLOSURE.PROOF"], None, "")


def test_evidence_of_single_entries_gives_no_paper(published: Published) -> None:
    """PAPER.NO_BOOK: a proof without a book is not the whole of anything."""
    with published.county.world.ledger.reading() as session:
        tree = session.tree()
        raw = prove_many(session, [9], note_of(tree.size, tree.root()), tree.size)
    assert codes(check_pdf(draw(published.figures, raw), published.trust).problems) == ["PAPER.NO_BOOK"]


def test_a_forks_own_paper_is_told_by_the_earlier_papers_checkpoint(published: Published, tmp_path: Path) -> None:
    """Perfect in itself, drawn by the product from a history that was written anew."""
    forged = Published(tmp_path)
    fork = County(tmp_path / "fork", hidden=["f2", "f2c"])
    disclosure = read(fork.disclosure())
    paper = draw(allocation(disclosure, check(disclosure)), fork.disclosure())
    assert check_pdf(paper, trust_in(forged.county.ledger_id)).ok
    assert judged(published, paper)[0] in (10, 11)
    assert not check_pdf(paper, published.trust).ok


def test_the_product_draws_what_checks_from_a_ledger_that_does_not_verify(tmp_path: Path) -> None:
    """A void entry after the block that nobody acknowledged: known to be unsound, the ledger still gives the paper of its block."""
    from ledger.store.keystore import KeyStore, ledger_key_name
    from tests.verify.modified_client import Bad, ModifiedClient
    from tests.world import LEDGER_KEY, WANG

    county = County(tmp_path)
    client = ModifiedClient(county.world.target, WANG.private)
    client.seal(Bad("project.fund", "late", {"legs": [], "project": "P2"}, [], {f"{COUNTY}/money": None}))
    client.close()
    county.world.ledger.rebuild()
    assert not county.world.verify().ok
    store = KeyStore(tmp_path / "keys")
    store.create(ledger_key_name(county.ledger_id), LEDGER_KEY.private)
    with county.world.ledger.reading() as session:
        paper, _ = draw_allocation(session, store, COUNTY, YEAR, sound=False)
    assert check_pdf(paper, trust_in(county.ledger_id)).ok


