"""sunledger: an append-only, hash-chained ledger for money that goes to the county."""

__version__ = "0.2.0"
