"""Recordings on pages: lists, the player with its lanes, what is heard of them to the audit, and their destruction.

The player is one component in two places: a recording's own page, and the page of its call.
"""
