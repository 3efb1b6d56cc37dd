"""The road from a PBX's socket to stored facts: listener → journal → analyser → store.

The listener alone writes the journal, the analyser alone writes facts, and the journal is all that is between
them: nothing is interpreted that is not durable, and nothing that the analyser does can hold the listener up.
"""
