"""The first start: an administrator, a PBX, a policy, agents; each step is durable and may be left and resumed."""
