"""The app as granian serves it, with a second for each body."""

from __future__ import annotations

from neighbourly.cli.program import make_program
from neighbourly.cli.serving import BodiesFirst

served = BodiesFirst(make_program(), body_seconds=1.0)
