"""Listening to samples: what is drawn by a seed that all can check, how it is scored, and what the agent says to it.

`drawing`, `assigning`, `scoring`, `automatic` and `weeks` are pure; the rest reads and writes the tables of `models`.
"""
