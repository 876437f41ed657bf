"""The check of a paper, offline: its disclosure, its figures made again from it, and its pages drawn again from them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PdfError

from ledger.disclosure.check import Checked, check
from ledger.disclosure.shape import MAX_BYTES, Disclosure, read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, IntegrityFailed, LedgerError, Problem
from ledger.words import Fault
from reports.allocation import DISCLOSURE, draw
from reports.figures import allocation
from reports.model import Allocation
from reports.pdf import MARK, PRODUCER
from reports.rawpdf import is_accounted_for, require_modest, unreached
from reports.same import same

MAX_PDF = 128 * 1024 * 1024
# What a paper never holds (docs/format.md §12): what a reader's program might do by itself, lay over a page, or hide of it.
NEVER = frozenset({"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/SubmitForm", "/GoToR", "/GoToE", "/RichMedia",
                   "/XFA", "/AcroForm", "/Annots", "/OCProperties", "/OCGs", "/OC"})  # fmt: skip
_CLAIM = re.compile(r"sunledger [\w.+-]{1,40}(?:; [a-z]{1,20} [\w.+-]{1,40}){0,6}", re.ASCII)
_MARKS = re.compile(re.escape(MARK) + rb"([^\n]*)\n")


@dataclass(frozen=True)
class Paper:
    """What a PDF carries: its disclosure as read, the bytes of it, and the program it says it was drawn by.

    `holds` is a key that no version of this writes: an annotation, a layer, an action; or ''.
    """

    disclosure: Disclosure
    raw: bytes
    producer: str
    holds: str

    @property
    def note(self) -> str:
        """The signed checkpoint the paper stands on."""
        return self.disclosure.checkpoint


@dataclass(frozen=True)
class CheckedPaper:
    """What the check of a paper found.

    `pages` is "same" where the objects and decoded streams of the file are those that the evidence gives, however they are
    packed; "altered" where they are not (exit 10); "other version" where they are not, and the file says that it was drawn by
    another version, which may draw others (exit 11); "" where the evidence itself fails. `figures` are those of the evidence:
    trust them, not the pages.
    """

    paper: Paper
    checked: Checked
    figures: Allocation | None
    pages: str
    problems: list[Problem] = field(default_factory=list)
    undecided: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the evidence holds, somebody trusted vouches for it, and the pages are those it gives."""
        return self.checked.ok and self.pages == "same" and not self.problems


def open_pdf(data: bytes) -> Paper:
    """The disclosure that a PDF carries; nothing in it is verified yet.

    Raises:
        InputRejected: INPUT.PDF: not a whole PDF, encrypted, larger than its length can be, or no disclosure is attached.
            INPUT.DISCLOSURE: what is attached is none.
        IntegrityFailed: PAPER.ALTERED, several files of that name are attached.
    """
    with _opened(data) as pdf:
        try:
            everything = list(_dictionaries(pdf))
            raw = _attached(pdf, everything)
            holds = min((min(found) for item in everything if (found := NEVER.intersection(item.keys()))), default="")
            producer = str(pdf.trailer.get("/Info", Dictionary()).get("/Producer", ""))
        except _BROKEN:  # what a broken object graph makes of pikepdf
            raise _refused(Fault("PDF:broken")) from None
    return Paper(read(raw), raw, producer, holds)


_BROKEN = (PdfError, PasswordError, ValueError, TypeError, AttributeError, KeyError, RuntimeError)


def _opened(data: bytes) -> Pdf:
    if len(data) > MAX_PDF:
        raise _refused(Fault("PDF:long", limit=MAX_PDF))
    if not data.startswith(b"%PDF-"):
        raise _refused(Fault("PDF:broken"))
    try:
        require_modest(data)
        pdf = Pdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except Fault as fault:
        raise _refused(fault) from None
    except PasswordError:
        raise _refused(Fault("PDF:encrypted")) from None
    except _BROKEN:
        raise _refused(Fault("PDF:broken")) from None
    if pdf.is_encrypted:
        raise _refused(Fault("PDF:encrypted"))
    if len(pdf.objects) > 64 + len(data) // 32:
        raise _refused(Fault("PDF:objects"))
    return pdf


def _attached(pdf: Pdf, everything: list[Any]) -> bytes:
    """The one attachment of the name, found by going over every object, whether or not anything points at it."""
    found = [item for item in everything if "/EF" in item and DISCLOSURE in {str(item.get(key, "")) for key in ("/F", "/UF")}]
    listed = [name for name in pdf.attachments if name == DISCLOSURE]
    if not found or not listed:
        raise _refused(Fault("PDF:bare", name=DISCLOSURE))
    if len(found) != 1 or len(listed) != 1 or pdf.attachments[DISCLOSURE].obj.objgen != found[0].objgen:
        raise IntegrityFailed("PAPER.ALTERED:files", name=DISCLOSURE)
    raw = bytes(found[0]["/EF"]["/F"].read_bytes())  # deflated, and within the budget: see `require_modest`
    if len(raw) > MAX_BYTES:
        raise _refused(Fault("ZIP:large", limit=MAX_BYTES))
    return raw


def _dictionaries(pdf: Pdf) -> Iterator[Any]:
    """Every dictionary of the file, those of streams and those inside others included."""
    ahead: list[Any] = [*pdf.objects, pdf.trailer]
    while ahead:
        item = ahead.pop()
        if not isinstance(item, Object):
            continue
        if isinstance(item, pikepdf.Stream):
            item = item.stream_dict
        if isinstance(item, Dictionary):
            yield item
            ahead += [value for value in item.values() if not _is_reference(value)]
        elif isinstance(item, Array):
            ahead += [value for value in item if not _is_reference(value)]


def _is_reference(value: Any) -> bool:
    return isinstance(value, Object) and value.is_indirect


def _refused(why: Fault) -> InputRejected:
    return InputRejected("INPUT.PDF", why=why)


def check_pdf(data: bytes, trust: Trust, where: str = "disclosure.json") -> CheckedPaper:
    """Check a paper, which findings name as `where`: what it carries, and that its pages are those that this gives. Raises InputRejected as `open_pdf`."""
    paper = open_pdf(data)
    checked = check(paper.disclosure, trust=trust, where=where, sort="paper")
    problems = list(checked.problems)
    if not problems and paper.disclosure.book is None:
        problems.append(Problem("PAPER.NO_BOOK"))
    if problems:
        return CheckedPaper(paper, checked, None, "", problems)
    try:
        figures = allocation(paper.disclosure, checked)
        pages = _pages(data, paper, figures)
    except LedgerError as error:
        return CheckedPaper(paper, checked, None, "altered", [Problem("PAPER.ALTERED:none", why=error)])
    if pages == "same":
        return CheckedPaper(paper, checked, figures, pages, [], checked.undecided)
    if pages == "other version":
        undecided = Problem("PAPER.OTHER_VERSION", producer=paper.producer, own=PRODUCER)
        return CheckedPaper(paper, checked, figures, pages, [], [*checked.undecided, undecided])
    altered = Problem("PAPER.ALTERED:holds", what=paper.holds) if paper.holds else Problem("PAPER.ALTERED")
    return CheckedPaper(paper, checked, figures, pages, [altered], checked.undecided)


def _pages(data: bytes, paper: Paper, figures: Allocation) -> str:
    """Whether a file is the paper that its evidence gives: "same", "altered", or perhaps of an "other version".

    It is drawn as by the version that it names. Where that draws nothing else than this one, it is the same. Where it is not,
    nobody here knows what that version draws, and anybody can name one; but pages that bear the mark of this version, or of any
    that is not the one named, are edited ones.
    """
    claim = paper.producer if _CLAIM.fullmatch(paper.producer) else PRODUCER
    with _opened(data) as found:
        if paper.holds or not data.startswith(b"%PDF-1.7") or not is_accounted_for(data, found):
            return "altered"
        for lang in ("zh", "en"):
            with Pdf.open(BytesIO(draw(figures, paper.raw, lang=lang, producer=claim))) as drawn:
                pairs = same(found, drawn)
            if pairs is not None:
                return "altered" if any(unreached(found, set(pairs))) else "same"
        marks = {mark.decode("latin-1") for item in found.objects if isinstance(item, pikepdf.Stream) for mark in _marks_in(item)}
    return "altered" if paper.producer != claim or claim == PRODUCER or marks - {claim} else "other version"


def _marks_in(stream: pikepdf.Stream) -> list[bytes]:
    try:
        return _MARKS.findall(stream.read_bytes())
    except PdfError:
        return []
