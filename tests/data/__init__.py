"""Real neighbourhoods, a real catalogue and examples with right answers; README.md says whose they are."""

from pathlib import Path

DATA = Path(__file__).parent
