"""The meaning: the state of a ledger, and the one pure function that moves it on."""
