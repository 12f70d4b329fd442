"""Copies of things and who has which when: availability, occupations that cannot overlap, waiting lists."""
