"""One pass over one school, and the same pass over its past: one file a step, `one_pass` puts them in order."""
