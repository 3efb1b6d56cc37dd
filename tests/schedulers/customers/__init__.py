"""Tests of customers: what files tell of them, and what is made of it."""
