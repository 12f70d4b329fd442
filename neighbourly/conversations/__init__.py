"""Threads of two people: one for each exchange, and questions about a listing."""
