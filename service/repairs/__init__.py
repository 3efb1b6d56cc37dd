"""Mends what the stream missed from the PBX's own logs, while the service runs.

deciding.py   which calls of the logs must be rebuilt: pure
rebuilding.py the facts of those calls, and what they replace: pure
repairer.py   follows the logs of one PBX and puts what was rebuilt in its place
"""
