"""Tests of telephony.ami."""
