"""Any MIS with a REST interface: what is read and written, and where, is configuration."""
