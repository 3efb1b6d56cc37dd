"""Tests of the road from a socket to stored facts."""
