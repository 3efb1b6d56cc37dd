"""The Asterisk Manager Interface: a sans-IO codec and protocol, and one thin asyncio client.

Read in this order: `packet` (one packet is its bytes), `parser` (bytes to packets), `actions` (what we send),
`answers` (which packets answer us), `signals` and `protocol` (one connection as a state machine). All of these
know no socket and no clock. `connection`, `inbox`, `backoff` and `client` add them. `messages` is the bridge
to the types of the package asterisk-ami. Import from the modules: this file stays empty, so that the pure
ones can be used without asyncio.
"""
