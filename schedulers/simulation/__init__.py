"""A centre's year in minutes, pure and seeded: customers, agents and the world around them, without a wall clock.

The rules are those of `schedulers.followups`, every call and outcome goes through them; what is simulated is only what
people do. All along it is checked that no promise of the rules themselves is broken. The same seed gives the same year.
"""
