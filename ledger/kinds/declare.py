"""How a kind is declared: a class whose annotations are its fields and whose keywords are its rules.

    class QuotaReceive(Kind, kind="quota.receive", zh="收到指标", en="…", stream="money", by=("finance",)):
        quota: Id = field(zh="指标编号", en="quota", new="quota", example="2025-C-01")
        amount: Amount = field(zh="金额", en="amount", example=100000000)
        fund_name: Text | None = field(zh="资金名称", en="fund name")

Validation, content bytes, the command with its options, the JSON Schema and the reference come from here.
"""

import typing
from typing import Any, dataclass_transform

import msgspec

from ledger import words
from ledger.kinds.types import Count, Date, Document, Id, Text, Word


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """What a declaration says of one field.

    `new` and `ref` name the sort of object the field makes or points at; `book` puts the entry into the book of the
    body it names; `scope` means the author must have jurisdiction over that body. `sealed` names the field whose value
    is the person or body that a sealed value is about; the content holds its commitment.
    """

    zh: str = ""
    en: str = ""
    example: Any = None
    new: str = ""
    ref: str = ""
    book: bool = False
    scope: bool = False
    choices: tuple[str, ...] = ()  # declared as word → its Chinese word
    choices_zh: tuple[str, ...] = ()
    client: bool = False  # filled in by the author's client, never typed by a person
    completed: bool = False  # filled in by the author's client where a person does not type it
    sealed: str = ""
    name: str = ""
    type: Any = None
    required: bool = True
    is_date: bool = False
    attribute: str = ""  # what holds it in Python, where `from` is a word of the language
    sort: str = ""  # of the object it makes or points at


def field(**words: Any) -> Any:
    """Declare a field; see `Field`."""
    choices: dict[str, str] = words.pop("choices", {})
    return Field(choices=tuple(choices), choices_zh=tuple(choices.values()), **words)


class KindInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A kind as declared."""

    name: str
    zh: str
    en: str
    doc: str
    stream: str
    by: tuple[str, ...]
    second: str
    reversible: bool
    through: str
    fields: dict[str, Field]
    struct: type["Kind"]
    books: tuple[Field, ...]
    scopes: tuple[Field, ...]
    refs: tuple[Field, ...]
    news: tuple[Field, ...]
    checked: tuple[Field, ...]
    sealed: tuple[Field, ...]
    subject: Field | None


KINDS: dict[str, KindInfo] = {}

_COMMON: dict[str, tuple[Any, Field]] = {
    "capacity": (
        Word | None,
        field(zh="登记身份", en="own, or transcribed from a paper", choices={"own": "本单位登记", "transcribed": "转录"}),
    ),
    "date_precision": (
        Word | None,
        field(zh="日期精度", en="how exact the date is", choices={"month": "只知月份", "year": "只知年份"}),
    ),
    "decided_by": (
        Text | None,
        Field(zh="决定机构", en="the body that decided", example="示例县巩固脱贫成果领导小组"),
    ),
    "decided_on": (Date | None, Field(zh="决定日期", en="the day it decided", example="2025-01-15")),
    "documents": (list[Document] | None, Field(zh="文件", en="papers behind the entry")),
    "paper": (Id | None, Field(zh="公开文件", en="the paper.record it was transcribed from")),
    "line": (Count | None, Field(zh="文件行号", en="the line of that paper")),
    "derived": (bool | None, Field(zh="推算", en="worked out by the transcriber, not printed")),
}
PROVENANCE = tuple(_COMMON)  # what every kind may say of where an entry comes from


def is_optional(annotation: Any) -> bool:
    """Whether an annotation admits None, so that the field may be absent."""
    return type(None) in typing.get_args(annotation)


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class _KindMeta(msgspec.StructMeta):
    """Turns a declaration into a Struct with its fields in alphabetical order, and registers it."""

    def __new__(
        mcls,
        cls_name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        kind: str = "",
        zh: str = "",
        en: str = "",
        stream: str = "",
        by: tuple[str, ...] = (),
        second: str = "none",
        reversible: bool = False,
        through: str = "",
    ) -> Any:
        if not kind:
            return super().__new__(mcls, cls_name, bases, namespace)
        declared: dict[str, tuple[Any, Field]] = dict(_COMMON)
        for name, annotation in namespace.get("__annotations__", {}).items():
            declared[name.rstrip("_")] = (annotation, namespace.pop(name, Field()))
        attributes = {name.rstrip("_"): name for name in namespace.get("__annotations__", {})}
        fields = {
            name: msgspec.structs.replace(
                declared[name][1],
                name=name,
                type=declared[name][0],
                required=not is_optional(declared[name][0]),
                is_date=declared[name][0] in (Date, Date | None),
                attribute=attributes.get(name, name),
                sort=declared[name][1].ref or declared[name][1].new,
            )
            for name in sorted(declared)
        }
        body: dict[str, Any] = {
            "__module__": namespace["__module__"],
            "__qualname__": namespace["__qualname__"],
            "__doc__": namespace.get("__doc__"),
            "__annotations__": {},
        }
        for name, info in fields.items():
            attribute = attributes.get(name, name)
            body["__annotations__"][attribute] = info.type
            renamed = {"name": name} if attribute != name else {}
            if info.required:
                if renamed:
                    body[attribute] = msgspec.field(**renamed)
            else:
                body[attribute] = msgspec.field(default=None, **renamed)
        struct = super().__new__(
            mcls,
            cls_name,
            bases,
            body,
            frozen=True,
            forbid_unknown_fields=True,
            omit_defaults=True,
            kw_only=True,
            gc=False,
        )
        words.declare("kind", kind, zh)
        values = tuple(fields.values())
        KINDS[kind] = KindInfo(
            name=kind,
            zh=zh,
            en=en,
            doc=(namespace.get("__doc__") or "").strip(),
            stream=stream,
            by=by,
            second=second,
            reversible=reversible,
            through=through,
            fields=fields,
            struct=struct,  # type: ignore[arg-type]
            books=tuple(f for f in values if f.book),
            scopes=tuple(f for f in values if f.scope),
            refs=tuple(f for f in values if f.ref),
            news=tuple(f for f in values if f.new),
            checked=tuple(f for f in values if f.choices or f.is_date),
            sealed=tuple(f for f in values if f.sealed),
            subject=_subject(values),
        )
        return struct


class Kind(msgspec.Struct, metaclass=_KindMeta):
    """The base of all declarations."""


def _subject(fields: tuple[Field, ...]) -> Field | None:
    """The field that says what an entry is chiefly about: project, payment, entry or person, else what it makes or names."""
    named = {field.sort: field for field in reversed(fields) if field.sort}
    for sort in ("project", "payment", "entry", "subject"):
        if sort in named:
            return named[sort]
    return next((field for field in (*(f for f in fields if f.new), *(f for f in fields if f.ref))), None)
