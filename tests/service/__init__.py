"""Tests of `service`: commands, pipeline, API."""
