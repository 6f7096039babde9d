"""How the database came to be as it is: one revision a change, applied by `open_store`."""
