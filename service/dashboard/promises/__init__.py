"""The rooms of what is owed: coverage of follow-ups, work lists, the story of each, customers, the policy in words."""
