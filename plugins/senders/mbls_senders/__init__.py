"""How a file reaches its receiver, one kind of channel a module."""
