"""The agents' desk over a real store."""
