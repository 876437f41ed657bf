"""The finishing pass: what reportlab cannot write, and bytes that depend on the figures alone."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pikepdf
import reportlab
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String

from ledger import __version__

BEIJING = timezone(timedelta(hours=8))
_MIME = {"csv": "text/csv", "json": "application/json"}
# All that the bytes of a paper depend on beside its figures.
PRODUCER = (f"sunledger {__version__}; reportlab {reportlab.__version__}; pikepdf {pikepdf.__version__}; "
            f"qpdf {pikepdf.__libqpdf_version__}; zlib {zlib.ZLIB_RUNTIME_VERSION}")
_MAPPING = re.compile(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4,6})>")


@dataclass(frozen=True)
class About:
    """What a reader's programs show of the file; `at` is the only time in it."""

    title: str
    subject: str
    author: str
    at: str  # ISO 8601; Beijing time where it names no zone


def moment(at: str) -> datetime:
    """An ISO 8601 text as a time in Beijing."""
    parsed = datetime.fromisoformat(at)
    return parsed.replace(tzinfo=BEIJING) if parsed.tzinfo is None else parsed.astimezone(BEIJING)


def finish(raw: bytes, about: About, attachments: Mapping[str, bytes]) -> bytes:
    """The raw PDF with metadata, language, associated files and a content-made ID; same input, same bytes."""
    with Pdf.open(BytesIO(raw)) as pdf:
        for font in _fonts(pdf):
            font.ToUnicode.write(to_unicode(font.ToUnicode.read_bytes()))
        _describe(pdf, about)
        _attach(pdf, about, attachments)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, compress_streams=True, recompress_flate=True, min_version="1.7",
                 object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def to_unicode(cmap: bytes) -> bytes:
    """A one-byte ToUnicode CMap rewritten: UTF-16BE beyond U+FFFF, no code without a character, blocks of 100.

    reportlab writes `<2BB5F>` for 𫭟 where a reader takes UTF-16, so that copied text would be another character.
    """
    pairs = [(code, chr(int(value, 16)).encode("utf-16-be").hex().upper().encode())
             for code, value in _MAPPING.findall(cmap.split(b"beginbfchar", 1)[1]) if int(value, 16)]
    blocks = [pairs[start:start + 100] for start in range(0, len(pairs), 100)]
    body = b"".join(b"%d beginbfchar\n%bendbfchar\n" % (len(block), b"".join(b"<%b> <%b>\n" % pair for pair in block))
                    for block in blocks)
    return (b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            b"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n" + body +
            b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")


def _fonts(pdf: Pdf) -> list[Dictionary]:
    return [item for item in pdf.objects
            if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and "/ToUnicode" in item]


def _describe(pdf: Pdf, about: About) -> None:
    at = moment(about.at)
    stamp = _stamp(about)
    pdf.Root.Lang = String("zh-CN")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = about.title
        metadata["dc:language"] = {"zh-CN"}
        metadata["dc:creator"] = [about.author]
        metadata["dc:description"] = about.subject
        metadata["pdf:Producer"] = PRODUCER
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = at.isoformat(timespec="seconds")
    pdf.trailer.Info = pdf.make_indirect(Dictionary(
        Title=String(about.title), Subject=String(about.subject), Author=String(about.author),
        Producer=String(PRODUCER), CreationDate=String(stamp), ModDate=String(stamp)))


def _stamp(about: About) -> str:
    return moment(about.at).strftime("D:%Y%m%d%H%M%S+08'00'")


def _attach(pdf: Pdf, about: About, attachments: Mapping[str, bytes]) -> None:
    stamp = _stamp(about)
    specs = Array()
    for name, data in sorted(attachments.items()):
        spec = AttachedFileSpec(pdf, data, filename=name, description=name, relationship=Name.Data,
                                mime_type=_MIME.get(name.rpartition(".")[2], "application/octet-stream"),
                                creation_date=stamp, mod_date=stamp)
        pdf.attachments[name] = spec
        specs.append(spec.obj)
    if attachments:
        pdf.Root.AF = specs


