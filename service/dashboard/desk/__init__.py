"""The agent's desk 工作台: his state, who is on the line, one form for what came of it, and what he owes.

setup(app, live, rooms=[partial(DeskPages, source)])     # source: service.dashboard.desk.source.DeskSource
"""

from service.dashboard.desk.room import DeskPages

__all__ = ["DeskPages"]
