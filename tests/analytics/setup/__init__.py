"""Tests of analytics.setup."""
