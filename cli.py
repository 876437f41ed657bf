"""The `sunledger` command: the ledger's commands and the papers' commands, put together."""

import sys


def main() -> None:
    """Run the command line and exit with the catalogue's code; a Ctrl-C is held from the first line on."""
    from ledger.commands import interrupts

    interrupts.hold()
    from ledger.commands import main as command_line
    from reports import tree as papers

    exit_code = command_line.run([command_line.register, papers.register])
    interrupts.answered()
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
