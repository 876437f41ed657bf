"""Ctrl-C: noted while the program loads and after it answered, raised where a command runs; a second one ends it at once.

When the interpreter shuts down it takes back its handlers, but never an ignored signal: so `answered` ignores it.
"""

import os
import signal
import threading
from typing import Any

Handler = Any  # what `signal.signal` gives back
_pressed: list[int] = []
EXIT_CODE = 130


def hold() -> Handler:
    """From here on a Ctrl-C is only noted: what is loaded is loaded whole, what was answered stays answered. Returns the handler before."""
    return _set(_note)


def release() -> None:
    """From here on a Ctrl-C is raised. Raises KeyboardInterrupt where one was noted."""
    _set(signal.default_int_handler)
    if _pressed:
        _pressed.clear()
        raise KeyboardInterrupt


def restore(handler: Handler) -> None:
    """Put back the handler that `hold` found."""
    if handler is not None:
        _set(handler)
    _pressed.clear()


def answered() -> None:
    """The process has said all it has to say: from here to its end a Ctrl-C changes nothing, least of all its exit code."""
    _set(signal.SIG_IGN)


def _set(handler: Handler) -> Handler:
    ignored = signal.getsignal(signal.SIGINT) == signal.SIG_IGN  # a job in the background of a script
    if ignored or threading.current_thread() is not threading.main_thread():
        return None
    return signal.signal(signal.SIGINT, handler)


def _note(_number: int, _frame: object) -> None:
    if _pressed:
        os._exit(EXIT_CODE)
    _pressed.append(1)
