"""One loan, gift or help between a giver and a receiver, from the proposal to its end; `lifecycle.py` is the table."""
