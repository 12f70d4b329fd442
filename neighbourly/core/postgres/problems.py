"""What can go wrong with the embedded server; each error's text is one sentence for the person at the terminal."""


class PostgresProblem(Exception):
    """PostgreSQL cannot do what was asked; the text says why and, where there is one, the way out."""


class BinariesMissing(PostgresProblem):
    """No PostgreSQL programs, or only too old ones, are found on this machine."""


class DataFolderUnusable(PostgresProblem):
    """The data folder cannot be written, reached or read as what it should be."""


class DataFolderInUse(PostgresProblem):
    """Another process holds the data folder."""


class OtherMajorVersion(PostgresProblem):
    """The data folder was made by another major version of PostgreSQL."""


class ServerFailed(PostgresProblem):
    """The server cannot be made, started or stopped."""


class NotRunning(PostgresProblem):
    """There is no server to join."""


class DumpFailed(PostgresProblem):
    """A database cannot be written to a file."""


class RestoreFailed(PostgresProblem):
    """A file cannot be read back into a database; the database is as it was before."""


class TargetNotEmpty(RestoreFailed):
    """A restore is refused since the target holds tables already."""
