"""Tests of analytics.people."""
