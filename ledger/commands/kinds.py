"""The command `kinds`: what can be recorded, and one kind's fields, rights and example."""

from typing import Annotated, Any

import msgspec
import typer

from ledger.book.rights import POLICIES, policy_table
from ledger.commands.fields import choices_of
from ledger.commands.generated import example_of
from ledger.commands.naming import kind_named
from ledger.commands.options import Options, current
from ledger.commands.reading import reading
from ledger.errors import NotFound
from ledger.kinds.declare import KINDS, KindInfo


def kinds(
    kind: Annotated[
        str, typer.Argument(help="一种事项，如 quota.release / one kind, such as quota.release")
    ] = "",
    schema: Annotated[bool, typer.Option("--schema", help="JSON Schema")] = False,
) -> None:
    """可登记的事项；一种事项的字段、权限、示例 / what can be recorded."""
    options = current()
    kind = kind and kind_named(kind)
    chosen = [KINDS[kind]] if kind else list(KINDS.values())
    payload: dict[str, Any] = {"kinds": [_kind_json(info, full=bool(kind)) for info in chosen]}
    if schema:
        payload["schemas"] = {info.name: json_schema(info) for info in chosen}
    zh = options.chinese
    if not kind:
        rules = _rules(options)
        payload |= rules
        lines = [f"{info.name:<20} {info.zh if zh else info.en}" for info in chosen]
        lines += ["", _whose(rules, zh)]
        lines += [f"  {info.name:<20} {', '.join(rules['roles'].get(info.name, [])) or '-':<48} {_second(rules, info, zh)}"
                  for info in chosen]  # fmt: skip
    else:
        lines = _kind_lines(chosen[0], zh)
    options.output.answer("kinds", payload, lines)


def _rules(options: Options) -> dict[str, Any]:
    """The role table and the second-person policy: those in force in the ledger at hand, else those of a new one."""
    try:
        with reading(options) as (session, _):
            rules = session.state.ledger
            return {"of": session.origin, "mode": rules.mode, "policy": dict(sorted(rules.policy.items())),
                    "roles": {kind: sorted(roles) for kind, roles in sorted(rules.roles.items())},
                    "roots": list(rules.roots), "root_quorum": rules.quorum}  # fmt: skip
    except NotFound:
        standard = policy_table(KINDS, POLICIES["standard"])
        return {"of": None, "mode": "control", "policy": {row["kind"]: row["second"] for row in standard},
                "roles": {info.name: sorted(info.by) for info in KINDS.values() if info.by}}  # fmt: skip


def _whose(rules: dict[str, Any], zh: bool) -> str:
    if rules["of"] is None:
        return "角色与复核（新台账，standard）：" if zh else "roles and second persons (of a new ledger, standard):"
    roots = f"{rules['root_quorum']}/{len(rules['roots'])}: {', '.join(rules['roots'])}"
    return (f"角色与复核（{rules['of']}，{rules['mode']}；根密钥 {roots}）：" if zh
            else f"roles and second persons ({rules['of']}, {rules['mode']}; roots {roots}):")  # fmt: skip


def _second(rules: dict[str, Any], info: KindInfo, zh: bool) -> str:
    second = "always" if info.second == "always" else rules["policy"].get(info.name, "none")
    words = {"always": "须另一人复核", "person": "须另一人复核", "money": "涉及资金的须另一人复核", "none": "-"}
    plain = {"always": "another person", "person": "another person", "money": "another person, of money entries", "none": "-"}
    return (words if zh else plain).get(second, second)


_STREAMS = {"money": "资金〔money〕", "people": "人员〔people〕", "open": "公开〔open〕", "keys": "密钥〔keys〕"}
_BY_POLICY_ZH, _BY_POLICY_EN = "按复核规则", "as the policy says"
_GROUPS = {"release": "下达", "funding": "资金安排", "correction": "更正", "enrolment": "人员与密钥", "registration": "登记机构",
           "policy": "复核规则本身", "household": "农户"}  # fmt: skip
_SECOND_ZH = {"none": "不需要", "always": "必须"} | {group: f"{_BY_POLICY_ZH}（{zh}类）" for group, zh in _GROUPS.items()}
_SECOND_EN = {"none": "not needed", "always": "always"} | {group: f"{_BY_POLICY_EN} ({group})" for group in _GROUPS}


def _kind_lines(info: KindInfo, zh: bool) -> list[str]:
    lines = [f"{info.name} {info.zh if zh else info.en}"] + ([] if zh else [info.doc])
    roles, stream = ", ".join(info.by) or "-", (_STREAMS if zh else {}).get(info.stream, info.stream)
    second = (_SECOND_ZH if zh else _SECOND_EN)[info.second]
    lines.append(f"角色：{roles}　复核：{second}　账册：{stream}" if zh else f"roles: {roles}  second person: {second}  book: {stream}")
    for field in info.fields.values():
        mark = (
            ("必填" if field.required else "    ") if zh else ("required" if field.required else "        ")
        )
        choices = f" ({', '.join(choices_of(field, zh))})" if field.choices else ""
        lines.append(f"  {field.name:<24}{mark} {field.zh if zh else field.en}{choices}")
    return [*lines, f"{'例：' if zh else 'example: '}{example_of(info)}"]


def _kind_json(info: KindInfo, *, full: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": info.name, "zh": info.zh, "en": info.en, "stream": info.stream,
                           "roles": list(info.by), "second": info.second, "reversible": info.reversible}  # fmt: skip
    if full:
        row["doc"] = info.doc
        row["example"] = example_of(info)
        row["fields"] = [
            {
                "name": field.name,
                "required": field.required,
                "zh": field.zh,
                "en": field.en,
                "choices": list(field.choices),
                "choices_zh": list(field.choices_zh),
            }
            for field in info.fields.values()
        ]
    return row


def json_schema(info: KindInfo) -> dict[str, Any]:
    """The JSON Schema of a kind's data; patterns in the form other languages read."""
    text = msgspec.json.encode(msgspec.json.schema(info.struct)).replace(rb"\\Z", b"$")
    result: dict[str, Any] = msgspec.json.decode(text)
    return result
