"""Outages on purpose: a real Asterisk under a stream of calls, and `threerings run` that must lose none of them.

The phones tell the truth, the PBX's CEL tells which calls there were, and what the service stored is judged by both.
"""
