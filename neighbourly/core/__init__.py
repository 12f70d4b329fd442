"""Plumbing that knows no word of the domain: settings, time, ids, errors, events, the database, the API's door."""
