"""The embedded PostgreSQL server: made, started, stopped and recovered from a data folder, and dumped and restored.

It knows neither Flask nor the settings; every failure is a `PostgresProblem` whose text is one sentence to show.
"""

from neighbourly.core.postgres.binaries import Binaries, find_binaries, find_clients
from neighbourly.core.postgres.cluster import Cluster
from neighbourly.core.postgres.dump import dump, restore
from neighbourly.core.postgres.lock import FolderLock
from neighbourly.core.postgres.problems import (
    BinariesMissing,
    DataFolderInUse,
    DataFolderUnusable,
    DumpFailed,
    NotRunning,
    OtherMajorVersion,
    PostgresProblem,
    RestoreFailed,
    ServerFailed,
    TargetNotEmpty,
)

__all__ = [
    "Binaries",
    "BinariesMissing",
    "Cluster",
    "DataFolderInUse",
    "DataFolderUnusable",
    "DumpFailed",
    "FolderLock",
    "NotRunning",
    "OtherMajorVersion",
    "PostgresProblem",
    "RestoreFailed",
    "ServerFailed",
    "TargetNotEmpty",
    "dump",
    "find_binaries",
    "find_clients",
    "restore",
]
