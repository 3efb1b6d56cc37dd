"""Tests of what the schedulers keep, on both databases."""
