"""What we do about it: customers, what is owed to them, when, by whom, and the notices that tell people.

`followups` is the pure core: one customer's account and something that happened in, changes out. `customers` knows
whom it is owed to, `storage` keeps both, `notices` tells people, `simulation` lives a year in minutes.
"""
