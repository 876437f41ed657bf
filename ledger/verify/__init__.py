"""The whole proof, in two halves that do not talk to each other: evidence (bytes) and meaning (replay)."""
