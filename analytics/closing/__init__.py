"""Closing a month: what was issued stays as it was, and what is said against it has an answer.

Reports are issued (`issues`) as frozen figures (`figures`, `canonical`); two of them, or one and the live report, are
set beside each other (`difference`). Objections and exemptions have a life of their own (`objections`, `exemptions`),
whose every step is in one table (`states`). `month` says whether a month may be signed; `sign_offs` keeps who did.
"""
