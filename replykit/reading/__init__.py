"""Reading messages: one module for each form in which they come."""
