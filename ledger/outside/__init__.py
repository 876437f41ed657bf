"""Heads and proofs that stand outside a ledger: what files say, and what two of them say of each other."""
