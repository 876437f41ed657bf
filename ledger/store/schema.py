"""The tables, as the revisions in `migrations/` make them.

entries      seq · header bytes · content bytes · leaf (32 bytes); the leaf column is the tree
seals        an append: entries first … size−1, their root, author, signature, and the frontier at `size`
vault        a sealed value: entry, field, nonce and ciphertext of salt and value; gone once erased
facts        one row an entry, for finding: id, kind, officer, dates, subject, status
moves        one row a move
objects      the state's objects, as JSON
balances     the state's balances; no zeros
projections  the size the projections stand at; its only row is also what a writer locks

`entries` and `seals` are evidence; `vault` holds what no entry can give back; the others are projections, which `rebuild`
makes again.
"""

REVISION = "0003"
EVIDENCE = ("entries", "seals")
PROJECTIONS = ("facts", "moves", "objects", "balances", "projections")
