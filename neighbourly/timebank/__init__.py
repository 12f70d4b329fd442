"""Whole minutes at one rate: accounts, transfers in double entry that nobody can alter, the neighbourhood's pot."""
