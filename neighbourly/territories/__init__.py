"""Neighbourhoods: a polygon as a set of cells, its households, and how finely a home may be shown there."""
