"""Telling people: the inbox, one text per type in two languages, and deliveries to their phones."""
