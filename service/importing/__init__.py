"""History from the PBX's own logs: read, staged on disk, built into calls, stored or shown.

sources.py    what was named on the command line -> sources of rows
reading.py    sources -> staging, from the marks on; the quarantine
gathering.py  facts as they are built -> whole calls, once nothing more can come of them
survey.py     what would come in: calls, span, agents, days
storing.py    whole calls -> the database, in batches
sorting.py    lines in order, however many
progress.py   bars on a terminal, a line now and then elsewhere
running.py    one import from beginning to end: lock, resumption, history
"""
