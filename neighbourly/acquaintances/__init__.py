"""Who has approached whom: one budget of first words to people one has not dealt with, whatever carries them."""
