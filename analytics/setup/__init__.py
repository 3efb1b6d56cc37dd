"""A centre's setting as its calls show it: lines, queues, people and opening hours to add to the policy."""
