"""Campaigns and the calls that they place: who is dialled now, why not, and what became of it. Pure."""
