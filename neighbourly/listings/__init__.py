"""Offers and requests of things, skills and time, from draft to fulfilled; and the tree of categories."""
