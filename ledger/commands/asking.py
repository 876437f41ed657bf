"""Questions to a person at a terminal: yes or no, in either language; whatever else is typed is asked again."""

import click

from ledger.commands.options import Options
from ledger.errors import Declined
from ledger.fullwidth import plain_width
from ledger.words import Fault

_YES, _NO = ("y", "yes", "是", "好", "确认"), ("n", "no", "否", "不", "")


def confirm(options: Options, *, again: bool = False) -> None:
    """Ask whether to record, or with doubts `again`. Raises Declined (7)."""
    words = options.output.words
    question = words("仍要登记吗？", "Record it nevertheless?") if again else words("登记吗？", "Record?")
    if not agrees(options, f"{question}{words('[是/否]', ' [y/N]')}"):
        raise Declined("DECLINED")


def agrees(options: Options, question: str) -> bool:
    """Whether the answer is yes; an empty one is no."""
    while True:
        said = str(click.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True))
        plain = plain_width(said).strip().casefold()
        if plain in (*_YES, *_NO):
            return plain in _YES
        options.output.tell(str(Fault("ANSWER", said=said)))
