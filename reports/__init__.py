"""Disclosure papers drawn from the ledger."""
