"""Signatures are judged once: most of a mutant is the history it was made of."""

from collections.abc import Iterator
from functools import lru_cache

import pytest

import ledger.book.effects
import ledger.verify.evidence
from ledger.chain.keys import verify_signature
from verifier import verify

PRODUCT, OWN = lru_cache(200_000)(verify_signature), lru_cache(200_000)(verify.verifies)


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both judges remember the verdict on a signature, each its own."""
    monkeypatch.setattr(ledger.verify.evidence, "verify_signature", PRODUCT)
    monkeypatch.setattr(ledger.book.effects, "verify_signature", PRODUCT)
    monkeypatch.setattr(verify, "verifies", OWN)
    return
