"""Reading a paper back with a reader that had no part in writing it."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream


def reader(paper: bytes) -> PdfReader:
    """A strict reader of the paper."""
    return PdfReader(BytesIO(paper), strict=True)


def text_of(paper: bytes) -> str:
    """The text of all pages as a copy would give it, spaces and line ends dropped."""
    return re.sub(r"\s+", "", "\n".join(page.extract_text() for page in reader(paper).pages))


def pages_of(paper: bytes) -> list[str]:
    """The text of each page, spaces and line ends dropped."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in reader(paper).pages]


def used_fonts(paper: bytes) -> tuple[set[str], set[str]]:
    """Base fonts that content streams select, forms included, and base fonts that resources hold."""
    pdf = reader(paper)
    selected: set[str] = set()
    held: set[str] = set()
    for page in pdf.pages:
        _collect(pdf, page, page.get_contents(), selected, held)
    return selected, held


def _collect(pdf: PdfReader, owner: Any, stream: Any, selected: set[str], held: set[str]) -> None:
    resources = owner["/Resources"]
    fonts = {name: font.get_object()["/BaseFont"] for name, font in resources.get("/Font", {}).items()}
    held.update(fonts.values())
    for operands, operator in ContentStream(stream, pdf).operations:
        if operator == b"Tf":
            selected.add(fonts[operands[0]])
    for form in resources.get("/XObject", {}).values():
        form = form.get_object()
        if form["/Subtype"] == "/Form":
            _collect(pdf, form, form, selected, held)
