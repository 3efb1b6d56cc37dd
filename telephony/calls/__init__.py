"""Calls told from PBX events: pure, deterministic, the same live and on replay.

Start with `facts` (what is said), then `tracker` (how events become facts) and `record` (facts folded into
the call record of the public contract).
"""
