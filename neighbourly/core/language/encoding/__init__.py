"""The meaning of a text as a vector: two texts that mean the same, in French or English, point the same way."""

from neighbourly.core.language.encoding.encoder import Encoder, Vectors, pack, unit, unpack
from neighbourly.core.language.encoding.sidelong import Sidelong

__all__ = ["Encoder", "Sidelong", "Vectors", "pack", "unit", "unpack"]
