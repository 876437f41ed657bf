"""The evidence: bytes, hashes, notes and keys. Knows no kind, no database and no person."""
