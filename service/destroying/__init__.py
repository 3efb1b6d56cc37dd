"""The destruction of recordings: lists, the five acts that they need, legal holds, carrying out, certificates.

`acts` says who may do what next, and is pure; `choosing` finds what is past retention; `batches` and `holds` are the
store; `carrying` destroys, item by item, and goes on where it was broken off; `certificates` are chained to each other.
"""
