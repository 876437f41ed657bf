"""The parts of the documents that are made from the code; `make docs` writes them, a test compares them."""

import json
import tempfile
from pathlib import Path

from ledger.kinds import codec  # noqa: F401  (declares the kinds)
from ledger.kinds.declare import KINDS
from tests import vectors

ROOT = Path(__file__).parent.parent
FORMAT = ROOT / "docs" / "format.md"
KINDS_PAGE = ROOT / "docs" / "kinds.md"


def kinds_table() -> str:
    """One row a kind: stream, roles, second person, book fields, all fields."""
    lines = ["| kind | stream | roles | second person | book fields | fields (optional?) |", "|---|---|---|---|---|---|"]
    common = {"capacity", "date_precision", "decided_by", "decided_on", "documents", "paper", "line", "derived"}
    for name, info in sorted(KINDS.items()):
        fields = ", ".join(f"`{f.name}`{'' if f.required else '?'}" for f in info.fields.values() if f.name not in common)
        books = ", ".join(f"`{field.name}`" for field in info.books) or "–"
        lines.append(f"| `{name}` | {info.stream} | {', '.join(info.by) or '–'} | {info.second} | {books} | {fields} |")
    lines.append("")
    lines.append("Every kind also takes " + ", ".join(f"`{name}`?" for name in sorted(common)) + ".")
    return "\n".join(lines)


def format_page(old: str) -> str:
    """`docs/format.md` with its made parts made again."""
    head, rest = old.split("<!-- kinds: made by tests/tidy from the declarations -->\n")
    _, tail = rest.split("<!-- end kinds -->")
    text = f"{head}<!-- kinds: made by tests/tidy from the declarations -->\n{kinds_table()}\n<!-- end kinds -->{tail}"
    before, _, rest = text.partition("```json\n")
    after = rest.partition("\n```\n")[2]
    with tempfile.TemporaryDirectory() as folder:
        block = json.dumps(vectors.make(f"{folder}/v.db"), ensure_ascii=False, indent=1)
    return f"{before}```json\n{block}\n```\n{after}"


def kinds_page() -> str:
    """`docs/kinds.md`: what can be recorded, one section a kind, from its declaration."""
    from ledger.commands.generated import example_of

    common = {"capacity", "date_precision", "decided_by", "decided_on", "documents", "paper", "line", "derived"}
    lines = ["# What can be recorded", "", "Made from the declarations in `ledger/kinds/` by `make docs`; `sunledger kinds KIND --schema` gives the JSON Schema.",
             "Every kind also takes " + ", ".join(f"`{name}`" for name in sorted(common)) + ".", ""]  # fmt: skip
    for name, info in sorted(KINDS.items()):
        lines += [f"## {name} {info.zh}", "", f"{info.en[0].upper()}{info.en[1:]}. {' '.join(info.doc.split())}", ""]
        lines += [f"By: {', '.join(info.by) or 'see the page on the format'} · second person: {info.second} · book: {info.stream}"
                  f"{' · can be reversed' if info.reversible else ''}", "", "| field | 名称 | meaning | |", "|---|---|---|---|"]  # fmt: skip
        for field in info.fields.values():
            if field.name not in common:
                need = "required" if field.required else f"one of {', '.join(field.choices)}" if field.choices else ""
                lines.append(f"| `{field.name}` | {field.zh} | {field.en} | {need} |")
        lines += ["", f"By `sunledger {info.through}`." if info.through else f"    {example_of(info)}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    KINDS_PAGE.write_text(kinds_page(), "utf-8")
    FORMAT.write_text(format_page(FORMAT.read_text("utf-8")), "utf-8")
