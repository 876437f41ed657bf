"""Heads and proofs outside a ledger, on both databases, by the command line."""
