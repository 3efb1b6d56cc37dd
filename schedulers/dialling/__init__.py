"""Campaigns at work: who is chosen, committed and sent, and what becomes of it. Whoever wants a call writes a row; the
runner alone sends. Time is an argument; the database is the truth; `clock` only says when to look again."""
