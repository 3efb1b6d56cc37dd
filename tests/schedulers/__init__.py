"""Tests of what is owed, and what is done about it."""
