"""One truth from two sources: what the stream said, and what the PBX's logs say of calls that it did not hear whole.

hearing.py   what was heard of each channel, and what that is worth for each call of the logs
choice.py    for each call the stream's facts or the logs', never both
"""
