"""The public face of a person: how often active, since when, thanked for what; never a score."""
