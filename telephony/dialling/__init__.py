"""Placing calls: what a dialler's order is in the manager's words, and the one that sends it.

`numbers` writes a customer's number as a trunk wants it, `orders` makes an Originate of an order: both are pure.
`held` says which queue memberships a held agent leaves. `client` sends, over a connection and a user of its own. The
words that all of them share with their callers are in `telephony.dialler`. Import from the modules.
"""
