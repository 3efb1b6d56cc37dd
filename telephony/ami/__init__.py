"""The Asterisk Manager Interface: a sans-IO codec and protocol, and one thin asyncio client."""
