"""The ways out of the house: each takes a finished message and says what became of it, and decides nothing."""
