"""Yes, later or no to a request: one tap, which a second tap replaces."""
