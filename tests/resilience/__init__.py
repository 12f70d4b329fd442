"""The whole product under clients that retry, killed at random moments; and what must be true afterwards (TST-04)."""
