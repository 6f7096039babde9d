"""HTTP for adapters: patient with reads, careful with writes, and deaf to every address but the configured one."""
