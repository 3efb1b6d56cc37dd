"""What goes on now, for pages and programs: facts as they come, folded by the same formulas as the reports."""
