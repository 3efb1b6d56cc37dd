"""Tests of what ./test and ./run are made of."""
