"""Whom to ask for a need, in which order and in which waves, and why: rules that anyone can read."""
