"""How this school runs mbls-sync: DIR/mbls-sync.toml, then the MBLS_* variables; nothing else reads the environment."""
