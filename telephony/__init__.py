"""What the PBX did: hears it over AMI, keeps it in a journal, tells the calls from it.

Knows nothing of policies, databases or people: it takes plain arguments and gives facts.
"""
