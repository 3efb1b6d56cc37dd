"""Tests of telephony.journal."""
