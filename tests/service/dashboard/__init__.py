"""Tests of the dashboard: views, pages, live updates, and a real browser."""
