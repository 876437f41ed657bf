"""The `sunledger` command."""


def main() -> None:
    """Run the command line and exit with the catalogue's code."""
    from ledger.commands.main import run

    run()


if __name__ == "__main__":
    main()
