"""What is known: the stored facts, the figures made of them, and the reports that show the figures.

Rooms: `storage` keeps facts, `people` says who sat at which device, `metrics` defines every figure once,
`reports` lays figures out in rows, `live` folds the same facts into the wallboard.
"""
