"""The store of facts: its tables, writing (`ingest`), reading (`queries`), and each database's own ways."""
