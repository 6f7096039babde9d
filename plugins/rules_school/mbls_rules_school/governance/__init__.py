"""Who holds which role, what the governors must see to, and whom to tell when the policy changes."""
