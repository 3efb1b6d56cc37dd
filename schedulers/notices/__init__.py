"""Notices to staff: what a change of a follow-up makes known to whom, and the outbox that they are sent from.

A notice is wanted together with the change that it tells of, in one transaction; it is sent later, at most once.
"""
