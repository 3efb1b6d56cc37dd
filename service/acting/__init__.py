"""What supervisors do on the PBX: who may, on whom, whether it was done, and how it is taken back for a moment.

`acting` is the one object that all of it goes through: pages, API and, through the API, commands. It finds who is
meant (`finding`), sends over a connection of its own (`telephony.acting`), waits for what the listener hears of it
(`witness`) and puts it in the audit. Import from the modules.
"""
