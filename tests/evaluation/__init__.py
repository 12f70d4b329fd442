"""How well needs find offers, and titles their kind and category, in figures: `python -m tests.evaluation`."""
