"""Questions to a person at a terminal: yes or no, in either language; whatever else is typed is asked again. And for the passphrase of a key."""

import click

from ledger.commands.options import Options
from ledger.errors import Declined
from ledger.fullwidth import plain_width
from ledger.store.keystore import KeyStore
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
        said = asked(options, question, suffix=" ")
        plain = plain_width(said).strip().casefold()
        if plain in (*_YES, *_NO):
            return plain in _YES
        options.output.tell(str(Fault("ANSWER", said=said)))


def key_store(options: Options, passphrase: bytes | None = None) -> KeyStore:
    """The key store, with its `passphrase` where that is known; a person at a terminal is asked for one where none opens a key."""

    def ask(name: str) -> bytes:
        words = options.output.words(f"密钥 {name} 的口令", f"passphrase of key {name}")
        return asked(options, words, hidden=True).encode()

    return KeyStore(options.keys, passphrase or options.passphrase, ask if options.interactive and options.passphrase is None else None)


def asked(options: Options, question: str, *, hidden: bool = False, suffix: str = "") -> str:
    """What a person answers at the terminal; '' for nothing. A Ctrl-C leaves the line it was pressed on."""
    end = suffix or options.output.words("：", ": ")
    try:
        return str(click.prompt(question, default="", show_default=False, prompt_suffix=end, hide_input=hidden, err=True))
    except click.Abort:
        options.output.tell("")
        raise
