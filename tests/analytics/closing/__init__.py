"""Tests of analytics.closing."""
