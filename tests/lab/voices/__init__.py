"""Who is heard when in the recordings of a real Asterisk: each phone has a voice of its own.

tones: a steady tone a phone, and where it is heard in a file; checking: that against the spans of the service;
scripted: calls whose parties speak by a script of turns and pauses.
"""
