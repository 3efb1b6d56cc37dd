"""Tests of analytics.metrics."""
