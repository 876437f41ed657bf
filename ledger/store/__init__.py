"""Storage: the database, the key store, and the only module that inserts evidence."""
