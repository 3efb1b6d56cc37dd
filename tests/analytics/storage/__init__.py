"""Tests of analytics.storage."""
