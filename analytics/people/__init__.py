"""Who the agents are, where they sit and in which tier they are: all of it effective-dated."""
