"""What a plugin author inherits: contract tests, builders and fakes."""
