"""Tests of notices: what is told, when, by which channel, and never twice."""
