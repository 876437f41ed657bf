"""The check of a paper, offline: its disclosure, its figures made again from it, and its pages drawn again from them."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PdfError

from ledger.disclosure.check import Checked, check
from ledger.disclosure.shape import MAX_BYTES, Disclosure, read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, LedgerError, Problem
from ledger.words import Fault
from reports.allocation import DISCLOSURE, draw
from reports.figures import allocation
from reports.model import Allocation
from reports.pdf import PRODUCER

MAX_PDF = 128 * 1024 * 1024
# What a paper never holds: all that a reader's program might do by itself, or show instead of the page.
ACTS = frozenset({"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/SubmitForm", "/GoToR", "/GoToE", "/RichMedia",
                  "/XFA", "/AcroForm"})  # fmt: skip
COVERS = frozenset({"/Annots", "/OCProperties", "/OCGs", "/OC"})  # what may lie over a page or hide a part of it


@dataclass(frozen=True)
class Paper:
    """What a PDF carries: its disclosure as read, the bytes of it, and the program it says it was drawn by.

    `was_added_to` where it holds annotations or layers, or was written in more than one go, as no version of this draws it.
    """

    disclosure: Disclosure
    raw: bytes
    producer: str
    was_added_to: bool

    @property
    def note(self) -> str:
        """The signed checkpoint the paper stands on."""
        return self.disclosure.checkpoint


@dataclass(frozen=True)
class CheckedPaper:
    """What the check of a paper found.

    `pages` is "same" where the file is, byte by byte, the one that the evidence gives; "altered" where it is not (exit
    10); "other version" where it says it was drawn by other versions than these, so that bytes cannot be compared (exit
    11); "" where the evidence itself fails. `figures` are those of the evidence: trust them, not the pages.
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
        InputRejected: INPUT.PDF: not a whole PDF, encrypted, something in it acts, or not just one disclosure is attached.
            INPUT.DISCLOSURE: what is attached is none.
    """
    if len(data) > MAX_PDF:
        raise _refused("PDF:long", limit=MAX_PDF)
    try:
        with Pdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise _refused("PDF:encrypted")
            everything = list(_dictionaries(pdf))
            raw = _attached(pdf, everything)
            was_added_to = data.count(b"startxref") != 1 or any(COVERS.intersection(item.keys()) for item in everything)
            producer = str(pdf.trailer.get("/Info", Dictionary()).get("/Producer", ""))
    except (PdfError, PasswordError, ValueError, TypeError, AttributeError, KeyError, RuntimeError) as error:  # what a broken object graph makes of pikepdf
        raise _refused("PDF:damaged", type=type(error).__name__) from None
    return Paper(read(raw), raw, producer, was_added_to)


def _attached(pdf: Pdf, everything: list[Any]) -> bytes:
    """The one attachment of the name, found by going over every object, whether or not anything points at it."""
    found = []
    for item in everything:
        acts = ACTS.intersection(item.keys())
        if acts:
            raise _refused("PDF:acts", name=min(acts))
        names = {str(item.get(key, "")) for key in ("/F", "/UF")}
        if "/EF" in item and DISCLOSURE in names:
            found.append(item)
    listed = [name for name in pdf.attachments if name == DISCLOSURE]
    if len(found) != 1 or len(listed) != 1 or pdf.attachments[DISCLOSURE].obj.objgen != found[0].objgen:
        raise _refused("PDF:attachments", count=len(found), name=DISCLOSURE)
    return _inflated(found[0]["/EF"]["/F"])


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


def _inflated(stream: Any) -> bytes:
    """The bytes of an embedded file, never more than a disclosure may have."""
    raw = stream.read_raw_bytes()
    if "/Filter" not in stream:
        return bytes(raw)
    if stream["/Filter"] not in ("/FlateDecode", [pikepdf.Name.FlateDecode]) or "/DecodeParms" in stream:
        raise _refused("PDF:stored", name=DISCLOSURE)
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(raw, MAX_BYTES + 1)
    except zlib.error:
        raise _refused("PDF:broken", name=DISCLOSURE) from None
    if len(text) > MAX_BYTES or not inflate.eof:
        raise _refused("PDF:cut", name=DISCLOSURE)
    return text


def _refused(key: str, **facts: object) -> InputRejected:
    return InputRejected("INPUT.PDF", why=Fault(key, **facts))


def check_pdf(data: bytes, trust: Trust) -> CheckedPaper:
    """Check a paper: what it carries, and that its pages are those that this gives. Raises InputRejected as `open_pdf`."""
    paper = open_pdf(data)
    checked = check(paper.disclosure, trust=trust)
    problems = list(checked.problems)
    if not problems and paper.disclosure.book is None:
        problems.append(Problem("PAPER.NO_BOOK"))
    if problems:
        return CheckedPaper(paper, checked, None, "", problems)
    try:
        figures = allocation(paper.disclosure, checked)
        drawn = any(draw(figures, paper.raw, lang=lang) == data for lang in ("zh", "en"))
    except LedgerError as error:
        return CheckedPaper(paper, checked, None, "altered", [Problem("PAPER.ALTERED:figures", why=error)])
    if drawn:
        return CheckedPaper(paper, checked, figures, "same", [], checked.undecided)
    if paper.producer != PRODUCER and paper.producer.startswith("sunledger ") and not paper.was_added_to:
        undecided = Problem("PAPER.OTHER_VERSION", producer=paper.producer, own=PRODUCER)
        return CheckedPaper(paper, checked, figures, "other version", [], [*checked.undecided, undecided])
    altered = Problem("PAPER.ALTERED")
    return CheckedPaper(paper, checked, figures, "altered", [altered], checked.undecided)
