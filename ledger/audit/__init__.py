"""Questions and their answers: balances, entries, traces. Reads only."""
