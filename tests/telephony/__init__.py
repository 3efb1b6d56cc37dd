"""Tests of the package telephony."""
