"""Tests of follow-ups: decisions as functions of values."""
