"""Reports: figures laid out in rows, the same for JSON, tables and spreadsheets. One module a report."""
