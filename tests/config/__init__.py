"""Tests of config: settings, policies, their errors."""
