"""Records and figures: agents, queues, calls, three rings, minutes, reports. Every figure opens what it is made of."""
