"""The commands. Each module is one command or one group of them; `commands.py` puts them together.

Exit status: 0 done, 1 a check fell short, 2 wrong usage or bad input, 3 cannot reach a thing that is needed.
"""
