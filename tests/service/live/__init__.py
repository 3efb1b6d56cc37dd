"""What goes on now, for pages and programs."""
