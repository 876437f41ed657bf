"""What strangers need to check by themselves, handed out by the program: the stand-alone verifier and the format page."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from ledger.commands.options import current
from ledger.commands.written import write_output

_DATA = Path(__file__).parents[1] / "data"


def export_verifier(
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="文件，例 verify.py / file, such as verify.py")],
) -> None:
    """独立核验程序：一个文件，只需 Python 和 cryptography / the stand-alone verifier: one file, needs Python and cryptography."""
    _hand_out("export.verifier", "verify.txt", output)
    options = current()
    options.output.say(f"交给核验的人：pip install cryptography；python {output} 文件",
                       f"for whoever verifies: pip install cryptography; python {output} FILE")  # fmt: skip


def export_format(
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="文件，例 format.md / file, such as format.md")],
) -> None:
    """格式说明：台账、公告、证明的每个字节 / the format page: every byte of ledgers, papers and proofs."""
    _hand_out("export.format", "format.md", output)


def _hand_out(command: str, name: str, output: str) -> None:
    options = current()
    data = (_DATA / name).read_bytes()
    write_output(options, output, data)
    digest = sha256(data).hexdigest()
    options.output.answer(command, {"file": output, "sha256": digest}, [options.output.words(f"已写入 {output}", f"written {output}"), f"sha256 {digest}"])
