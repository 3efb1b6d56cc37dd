"""The pages of listening to samples: the worklist, a sample with its card, weeks, months, and an agent's own cards."""
