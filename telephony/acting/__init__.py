"""What a supervisor does on a PBX: pause, queues, listening in, hanging up, in the manager's words.

`seats` reads who is a member of which queue, and says how somebody becomes one; `channels` finds the channel that is
meant; `orders` makes an action's pairs of each act: all three are pure. `actor` sends, over a connection and a user of
its own. Whether it was done is told by the PBX's events, never by the answer to an action. Import from the modules.
"""
