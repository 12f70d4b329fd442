"""What an encoder is, and how vectors are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Vectors of length 1, one a row: shape (texts, dimensions). The product of two is their likeness, from -1 to 1."""

_HALVES = np.dtype("<f2")


class Encoder(Protocol):
    """Turns texts into vectors. Vectors of different versions say nothing of each other."""

    @property
    def version(self) -> str:
        """What is kept beside each vector, to know which are out of date."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text; a batch is several times faster than its texts one by one. From any thread."""


def unit(rows: Vectors) -> Vectors:
    """Each row at length 1; one of zeros stays so."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    made: Vectors = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return made


def pack(vectors: Vectors) -> list[bytes]:
    """Each vector as half floats; a likeness loses less than 0.001."""
    return [row.tobytes() for row in vectors.astype(_HALVES)]


def unpack(packed: Sequence[bytes]) -> Vectors:
    """The vectors of `pack`, in one array; all of one encoder, and at least one."""
    flat = np.frombuffer(b"".join(packed), dtype=_HALVES)
    return flat.reshape(len(packed), -1).astype(np.float32)
