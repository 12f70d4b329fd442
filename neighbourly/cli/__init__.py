"""The product at a terminal: `python wsgi.py`, which runs all of it, and the commands of `flask --app wsgi`."""
