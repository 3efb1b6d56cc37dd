"""A real Asterisk for tests: started in a folder, driven by scripted SIP phones, compared with the truth.

README.md says how to use it, OBSERVED.md and FREEPBX.md what was learned from it.
"""
