"""Campaigns on a real Asterisk: hundreds of customers and a crew of agents, whose phones say what is true.

The phones are one asyncio process and write what they saw; the service is `threerings run` (or its roles apart); the
PBX writes its CDR and CEL. Nothing of the service's own is asked whether the service is right.
"""
