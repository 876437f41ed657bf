"""The commands that come from the kinds: one noun a group, one verb a kind, one option a field."""

from typing import Any

import click
import msgspec

from ledger.commands.completer import Completer
from ledger.commands.fields import base_of, choices_of, has_option, is_amount, parse_field, read_sealed
from ledger.commands.language import one_of
from ledger.commands.legs import typed_legs
from ledger.commands.options import current
from ledger.commands.record import (
    WRITE_PARAMS,
    business_date,
    new_id,
    record,
    report_recorded,
    today,
    write_params,
)
from ledger.commands.retry import Typed
from ledger.errors import InputRejected, LedgerError, Problem, Usage
from ledger.kinds.declare import PROVENANCE, Field, KindInfo
from ledger.kinds.draft import Draft

_PLACES: dict[type, str] = {msgspec.inspect.BoolType: "BOOLEAN", msgspec.inspect.IntType: "NUMBER"}  # what stands for a value that is no text
_AMOUNT_OF_LEGS = "金额：1200万元；--quota 未带金额的，必填 / amount: 1200万元; needed unless --quota has amounts"
_AMOUNT_OF_DECISION = "金额：1200万元；不写即为申请的全部 / amount: 1200万元; if absent, the whole that was requested"


def kind_command(info: KindInfo, chinese: bool) -> click.Command:
    """The command that records one kind."""
    params: list[click.Parameter] = []
    for field in info.fields.values():
        if has_option(field):
            params.append(_option(info, field, chinese))
    if "legs" in info.fields:
        words = "指标编号，可多次：Q1=60000元" if chinese else "quota, repeatable: Q1=60000元"
        params.append(click.Option(["--quota"], multiple=True, metavar="QUOTA[=AMOUNT]", help=words))
        words = _AMOUNT_OF_DECISION if info.name == "payment.approve" else _AMOUNT_OF_LEGS
        params.append(click.Option(["--amount"], metavar="AMOUNT", help=one_of(words, chinese)))
    params.sort(key=lambda param: (not param.required, param.name))

    def run(**values: Any) -> None:
        _run(info, values)

    command = click.Command(
        info.name.partition(".")[2].replace("_", "-"), params=params + write_params(), callback=run,
        help=info.zh if chinese else f"{info.en}. {info.doc}", short_help=info.zh if chinese else info.en,
    )  # fmt: skip
    command.examples = (example_of(info),)  # type: ignore[attr-defined]
    return command


def _option(info: KindInfo, field: Field, chinese: bool) -> click.Option:
    words = field.zh if chinese else field.en
    if field.choices:
        listed = choices_of(field, chinese)
        words += f"（{'、'.join(listed)}）" if chinese else f" ({', '.join(listed)})"
    required = field.required and not field.client and not field.completed
    several = info.name == "payment.approve" and field.name == "payment"
    option = click.Option(
        [f"--{field.name.replace('_', '-')}", option_key(field)], required=required, multiple=several, help=words,
        metavar=_metavar(field),
    )  # fmt: skip
    option.provenance = field.name in PROVENANCE and not required  # type: ignore[attr-defined]
    return option


def _metavar(field: Field) -> str:
    if is_amount(field):
        return "AMOUNT"
    if field.is_date:
        return "DATE"
    if field.ref == "entry" or field.sealed:
        return "SEQ|ID" if field.ref == "entry" else "@FILE|-"
    return "ID" if field.ref or field.new else _PLACES.get(type(base_of(field)), "TEXT")


def option_key(field: Field) -> str:
    """The name under which click hands a field's value over; free of Python's own words and of write options."""
    return f"field_{field.name}"


def example_of(info: KindInfo) -> str:
    """A command line that shows the required fields at work."""
    words = ["sunledger", info.name.replace(".", " ").replace("_", "-")]
    for field in info.fields.values():
        if field.required and has_option(field) and not (field.completed and field.example is None):
            example = field.example
            text = (
                ",".join(example)
                if isinstance(example, list)
                else f"{example // 100}元"
                if is_amount(field)
                else str(example)
            )
            words += [f"--{field.name.replace('_', '-')}", text]
    if "legs" in info.fields and info.name != "payment.approve":
        words += ["--quota", "2025-C-01", "--amount", "1000000元"]
    return " ".join(words)


def _run(info: KindInfo, values: dict[str, Any]) -> None:
    options = current()
    write = {name: values.pop(name) for name in WRITE_PARAMS}
    quotas, amount = list(values.pop("quota", ()) or ()), values.pop("amount", None)
    several = (
        [parse_field(info.fields["payment"], id) for id in values.pop("field_payment")]
        if info.name == "payment.approve"
        else []
    )
    texts = {name.removeprefix("field_"): text for name, text in values.items() if text is not None}
    sealed = {f.name: read_sealed(f, texts.pop(f.name)) for f in info.sealed if f.name in texts}
    data = parse_all(info, texts)
    said = business_date(write["occurred_on"])
    legs = typed_legs(info.name, quotas, amount) if "legs" in info.fields else None
    if write["id"] and len(several) > 1:
        raise Usage("USAGE:one_id")

    many = [{**data, "payment": payment} for payment in several] or [data]
    if write["id"] == "":
        raise Usage("USAGE:empty", option="--id")
    ids = [write["id"] or new_id() for _ in many]

    def build(completer: Completer) -> list[Draft]:
        return [
            Draft(info.name, id, said or today(), completer.complete(info, one, legs), sealed)
            for id, one in zip(ids, many, strict=True)
        ]

    typed = [Typed(info.name, id, said, one, sealed, legs) for id, one in zip(ids, many, strict=True)]
    try:
        done = record(options, build, typed=typed, yes=write["yes"], dry_run=write["dry_run"],
                      first_time=write["first_time"], about=data.get("entry"), against=write["against"])  # fmt: skip
    except LedgerError as error:
        from ledger.commands.unknown import add_meant

        add_meant(options, error, _named(info, many, quotas))
        for problem in error.problems:  # an id that nobody gave says nothing; the payment does
            if not write["id"] and problem.get("entry") in ids:
                entry = problem.pop("entry")
                if several:
                    problem["payment"] = several[ids.index(str(entry))]
        raise
    report_recorded(options, info, done, dry_run=write["dry_run"], data=many[0])


def _named(info: KindInfo, many: list[dict[str, Any]], quotas: list[str]) -> list[tuple[str, str]]:
    """What a command refers to, as (sort, id)."""
    named = [(field.ref, one[field.name]) for field in info.refs for one in many if isinstance(one.get(field.name), str)]
    return named + [("quota", quota.partition("=")[0]) for quota in quotas]


def parse_all(info: KindInfo, texts: dict[str, str]) -> dict[str, Any]:
    """All fields parsed; every problem is told at once."""
    data: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        try:
            data[name] = parse_field(info.fields[name], text)
        except LedgerError as error:
            problems += error.problems
    if problems:
        raise InputRejected.of(problems)
    return data
