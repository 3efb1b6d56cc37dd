"""Tests of the pure core of campaigns."""
