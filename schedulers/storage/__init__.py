"""What the schedulers keep: customers and what is owed to them, beside the facts in the same database."""
