"""The finishing pass: what reportlab cannot write, and bytes that depend on the figures alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf
import reportlab
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String

from ledger import __version__

BEIJING = timezone(timedelta(hours=8))
_MIME = {"csv": "text/csv", "json": "application/json"}
# What the pages of a paper depend on beside its figures; how they are packed depends on more, and is not compared.
PRODUCER = f"sunledger {__version__}; reportlab {reportlab.__version__}"
MARK = b"% drawn by "  # a comment at the head of each page, with the producer: a page that was taken elsewhere bears it still
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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


def finish(raw: bytes, about: About, attachments: Mapping[str, bytes], producer: str = "") -> bytes:
    """The raw PDF with metadata, language, associated files and a content-made ID; same input, same bytes."""
    producer = producer or PRODUCER
    with Pdf.open(BytesIO(raw)) as pdf:
        for page in pdf.pages:
            page.Contents.write(MARK + producer.encode("ascii") + b"\n" + page.Contents.read_bytes())
        for font in _fonts(pdf):
            font.ToUnicode.write(to_unicode(font.ToUnicode.read_bytes()))
        _describe(pdf, about, producer)
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


def _describe(pdf: Pdf, about: About, producer: str) -> None:
    stamp = _stamp(about)
    pdf.Root.Lang = String("zh-CN")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.Metadata = pdf.make_stream(_xmp(about, producer), Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(Dictionary(
        Title=String(about.title), Subject=String(about.subject), Author=String(about.author),
        Producer=String(producer), CreationDate=String(stamp), ModDate=String(stamp)))


def _xmp(about: About, producer: str) -> bytes:
    """The metadata as XMP, written out here: another library's spelling of it would make another paper."""
    at = moment(about.at).isoformat(timespec="seconds")
    title, author, subject = (escape(_NOT_XML.sub("\ufffd", text)) for text in (about.title, about.author, about.subject))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Producer>{escape(producer)}</pdf:Producer>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()


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


