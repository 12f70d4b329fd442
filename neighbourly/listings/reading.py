"""What a text means, as matching compares it: by the encoder, and by how like it is to the words of each category.

An encoder alone finds two short titles like each other for being short. So half of a vector is the encoder's, measured
from the middle of all that neighbours lend and do, and half its profile: how like the text is to each category.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from neighbourly.core.language import LANGUAGES, idea_of
from neighbourly.core.language.encoding import Encoder, Sidelong, Vectors, unit
from neighbourly.listings.categories import CATEGORIES

BEST = 3
"""A category is as like as the mean of so many of its phrases: one alone may be like by chance."""
TEXT = 400
"""So many letters of title and description are read: what comes later says how, not what."""
HALF = 0.5**0.5
"""With both parts at this length the likeness of two vectors is the mean of the likenesses of their parts."""

Likeness = Mapping[str, float]
"""By the slug of a category, from about 0 to 1."""


@dataclass(frozen=True)
class Reader:
    """Reads texts. Its version changes with the encoder, and with the words of the categories."""

    encoder: Encoder
    phrases: Vectors
    """Of all names and everyday words, category by category."""
    version: str

    def read(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1."""
        encoded = self._encoded(texts)
        profiles = self._profiles(encoded)
        meant = unit(encoded - self.phrases.mean(axis=0))
        told = unit(profiles - profiles.mean(axis=1, keepdims=True))
        return np.hstack([HALF * meant, HALF * told]).astype(np.float32)

    def likeness(self, title: str) -> Likeness:
        """How like a title is to each category."""
        (profile,) = self._profiles(self._encoded([title]))
        return dict(zip(CATEGORIES, profile.tolist(), strict=True))

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        """In small letters: the encoder takes a capital for another word."""
        return self.encoder.encode([text.lower() for text in texts])

    def _profiles(self, encoded: Vectors) -> Vectors:
        like = encoded @ self.phrases.T
        parts = np.split(like, np.cumsum([len(each) for each in _listed()])[:-1], axis=1)
        return np.stack([np.sort(part, axis=1)[:, -BEST:].mean(axis=1) for part in parts], axis=1)


def text_of(title: str, description: str = "") -> str:
    """What is read of a listing, or of a search: what its title is about, and how its text begins."""
    return f"{idea_of(title)}. {description}"[:TEXT]


_chosen: list[Sidelong[Reader]] = []


def choose(make: Callable[[], Encoder] | None, folder: Path) -> None:
    """Read by such an encoder from now on, once somebody needs it; with None nothing is read.

    What takes seconds to make is kept in a file of the folder.
    """
    _chosen[:] = [] if make is None else [Sidelong("reader", lambda: _made(make(), folder))]


def is_chosen() -> bool:
    """Whether texts are read at all, by this process or by another."""
    return bool(_chosen)


def get_reader() -> Reader | None:
    """The one reader of this process, waiting for it to load; None where nothing is read. For jobs."""
    return _chosen[0].get() if _chosen else None


def find_reader() -> Reader | None:
    """The reader if it is there, else None, and it is loading from now on. For requests, which do not wait."""
    return _chosen[0].find() if _chosen else None


def _made(encoder: Encoder, folder: Path) -> Reader:
    texts = [phrase for each in _listed() for phrase in each]
    digest = blake2b("\n".join(texts).encode(), digest_size=4).hexdigest()
    version = f"{encoder.version}/{digest}"
    return Reader(encoder, _phrases(encoder, texts, folder / f"{version.replace('/', '-')}.npy"), version)


def _listed() -> list[list[str]]:
    return [
        [phrase.lower() for language in LANGUAGES for phrase in (category.name[language], *category.words[language])]
        for category in CATEGORIES.values()
    ]


def _phrases(encoder: Encoder, texts: Sequence[str], file: Path) -> Vectors:
    """Read from the file, or encoded and written there: whole or not at all, as several processes may at one moment."""
    if file.exists():
        kept: Vectors = np.load(file).astype(np.float32)
        return kept
    vectors = encoder.encode(texts)
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_suffix(f".{os.getpid()}")
    with made.open("wb") as out:
        np.save(out, vectors.astype(np.float16))
    made.replace(file)
    return vectors
