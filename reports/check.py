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
        raise _refused(f"longer than {MAX_PDF} bytes")
    try:
        with Pdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise _refused("it is encrypted")
            everything = list(_dictionaries(pdf))
            raw = _attached(pdf, everything)
            was_added_to = data.count(b"startxref") != 1 or any(COVERS.intersection(item.keys()) for item in everything)
            producer = str(pdf.trailer.get("/Info", Dictionary()).get("/Producer", ""))
    except (PdfError, PasswordError, ValueError, TypeError, AttributeError, KeyError, RuntimeError) as error:  # what a broken object graph makes of pikepdf
        raise _refused(str(error).rpartition(">: ")[2][:200] or type(error).__name__) from None
    return Paper(read(raw), raw, producer, was_added_to)


def _attached(pdf: Pdf, everything: list[Any]) -> bytes:
    """The one attachment of the name, found by going over every object, whether or not anything points at it."""
    found = []
    for item in everything:
        acts = ACTS.intersection(item.keys())
        if acts:
            raise _refused(f"it holds {min(acts)}, which no paper does")
        names = {str(item.get(key, "")) for key in ("/F", "/UF")}
        if "/EF" in item and DISCLOSURE in names:
            found.append(item)
    listed = [name for name in pdf.attachments if name == DISCLOSURE]
    if len(found) != 1 or len(listed) != 1 or pdf.attachments[DISCLOSURE].obj.objgen != found[0].objgen:
        raise _refused(f"{len(found)} attachments are named {DISCLOSURE}, not one")
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
        raise _refused(f"{DISCLOSURE} is stored in a way no paper uses")
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(raw, MAX_BYTES + 1)
    except zlib.error as error:
        raise _refused(f"{DISCLOSURE}: {error}") from None
    if len(text) > MAX_BYTES or not inflate.eof:
        raise _refused(f"{DISCLOSURE} is cut or too long")
    return text


def _refused(why: str) -> InputRejected:
    return InputRejected(f"not a paper of sunledger: {why}", code="INPUT.PDF",
                         hint="get the file again from where it was published")  # fmt: skip


def check_pdf(data: bytes, trust: Trust) -> CheckedPaper:
    """Check a paper: what it carries, and that its pages are those that this gives. Raises InputRejected as `open_pdf`."""
    paper = open_pdf(data)
    checked = check(paper.disclosure, trust=trust)
    problems = list(checked.problems)
    if not problems and paper.disclosure.book is None:
        problems.append(Problem("PAPER.NO_BOOK", "the disclosure is not of the whole books of a body, so it gives no paper"))
    if problems:
        return CheckedPaper(paper, checked, None, "", problems)
    try:
        figures = allocation(paper.disclosure, checked)
        drawn = any(draw(figures, paper.raw, lang=lang) == data for lang in ("zh", "en"))
    except LedgerError as error:
        return CheckedPaper(paper, checked, None, "altered", [Problem("PAPER.ALTERED", f"the evidence gives no paper: {error.message}")])
    if drawn:
        return CheckedPaper(paper, checked, figures, "same", [], checked.undecided)
    if paper.producer != PRODUCER and paper.producer.startswith("sunledger ") and not paper.was_added_to:
        undecided = Problem("PAPER.OTHER_VERSION", f"the paper says it was drawn by {paper.producer[:200]}; this is {PRODUCER}",
                            hint="its pages cannot be compared here: read the figures from the evidence, or check with that version")  # fmt: skip
        return CheckedPaper(paper, checked, figures, "other version", [], [*checked.undecided, undecided])
    altered = Problem("PAPER.ALTERED", "the file is not the one that its evidence gives: a page, an attachment or something added was altered",
                      hint="read the figures from the evidence; get the file again from where it was published")  # fmt: skip
    return CheckedPaper(paper, checked, figures, "altered", [altered], checked.undecided)
