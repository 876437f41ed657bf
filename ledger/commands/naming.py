"""What a person may call a kind, a stage or a column: its code, or the Chinese word the program itself shows for it."""

from collections.abc import Mapping

from ledger.audit.balances import DIMENSIONS
from ledger.commands.nearest import meant, with_meant
from ledger.commands.readable import STAGES
from ledger.errors import NotFound, Usage
from ledger.fullwidth import plain_width
from ledger.kinds.declare import KINDS
from ledger.words import spoken

_DIMENSIONS_ZH = {"holder": "持有方", "quota": "指标", "stage": "环节", "project": "项目", "unit": "单位"}
_STAGES_ZH = {stage: zh for stage, (zh, _) in STAGES.items()}


def kind_named(word: str) -> str:
    """The kind of a name such as `quota.release` or 下达指标. Raises NotFound."""
    names = {name: info.zh for name, info in KINDS.items()}
    found = _code_of(word, names)
    if found is None:
        raise with_meant(NotFound("NOT_FOUND.KIND", kind=word), meant(word, (*names, *names.values())))
    return found


def stage_named(word: str) -> str:
    """The stage of an account. Raises NotFound."""
    found = _code_of(word, _STAGES_ZH)
    if found is None:
        raise with_meant(NotFound("NOT_FOUND.STAGE", stage=word, choices=[*(_STAGES_ZH.values() if spoken() == "zh" else _STAGES_ZH)]), meant(word, (*_STAGES_ZH, *_STAGES_ZH.values())))
    return found


def dimension_named(word: str) -> str:
    """A column that `--by` groups by. Raises Usage."""
    found = _code_of(word, _DIMENSIONS_ZH) or _code_of(word, {"holder": "机构"})
    if found is None:
        raise with_meant(Usage("USAGE:dimension", name=word, choices=DIMENSIONS), meant(word, (*DIMENSIONS, *_DIMENSIONS_ZH.values())))
    return found


def _code_of(word: str, names: Mapping[str, str]) -> str | None:
    plain = plain_width(word).strip()
    if plain in names:
        return plain
    return next((code for code, zh in names.items() if zh == plain), None)
