"""Customers: who they are, by which numbers, whose they are, and whether they may be called."""
