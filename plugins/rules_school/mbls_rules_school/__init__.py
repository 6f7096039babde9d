"""The attendance policy of the school, one duty a file."""
