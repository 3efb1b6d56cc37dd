"""The demo: a captured day at the pace of people."""
