"""Ninety days of asking in a made-up town, to see who is asked how often: `python -m tests.simulation`."""
