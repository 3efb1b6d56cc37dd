"""Follow-ups 跟进 and revisits 回访, pure: what is owed to one customer, and what becomes of it.

Everything here concerns one customer at a time. An `Account` is his page in the book: who he is, what is open, when he
was contacted. Each function takes an account, something that happened and the rules, and returns changes; nothing here
reads a clock, a database or a file.
"""
