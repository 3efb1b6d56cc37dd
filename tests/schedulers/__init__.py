"""Tests of `schedulers`: what is owed, to whom, and by when."""
