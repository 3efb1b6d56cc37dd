"""Tests of what we do about it."""
