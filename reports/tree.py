"""Commands that make papers, as declared to the command tree; what draws is loaded by those who need it."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ledger.commands.tree import FURTHER_CHECKS, PAPERS, Papers, Tree

if TYPE_CHECKING:
    from ledger.commands.sources import CheckedPaper
    from ledger.disclosure.shape import Disclosure
    from ledger.disclosure.trust import Trust


def register(tree: Tree) -> None:
    """The commands of papers, how a paper is read, and what the doctor asks about typefaces."""
    tree.add("report allocation", "资金分配公告 / what a place received and what it was arranged for", _allocation,
             "sunledger report allocation --book 999901 --year 2025 -o 公告.pdf")  # fmt: skip
    tree.add("demo", "演示：真实公告入账、核验、追踪、查改动、出公告 / the whole tour on real notices", _demo, "sunledger demo demo")
    FURTHER_CHECKS[:] = [_font_check]
    PAPERS[:] = [Papers(_disclosure_of, _checked)]


def _commands() -> ModuleType:
    from reports import commands

    return commands


def _allocation() -> Callable[..., None]:
    return _commands().allocation  # type: ignore[no-any-return]


def _demo() -> Callable[..., None]:
    from reports.demo import demo

    return demo


def _font_check() -> dict[str, Any]:
    from reports.faces import font_check

    return font_check()


def _disclosure_of(data: bytes) -> "Disclosure":
    from reports.check import open_pdf

    return open_pdf(data).disclosure


def _checked(data: bytes, trust: "Trust", where: str) -> "CheckedPaper":
    from reports.check import check_pdf

    return check_pdf(data, trust, where)
