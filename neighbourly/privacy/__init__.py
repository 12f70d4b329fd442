"""How long what tells of people is kept: a rule for every table, applied nightly (GDP-08)."""
