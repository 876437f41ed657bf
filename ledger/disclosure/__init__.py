"""A disclosure: entries with the proof that they stand in a ledger, made (`build`) from one, read and checked without any."""
