"""Rows as files that people open: CSV and spreadsheets. The same table gives both, byte for byte the same each time."""
