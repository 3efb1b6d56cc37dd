"""The desk: where people and programs work on what is owed. Commands and the API say the same things through it."""
