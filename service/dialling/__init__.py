"""Campaigns in the service: who is free on the floor, which PBXs are heard, the diallers, and the runner's life."""
