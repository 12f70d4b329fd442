"""The server's settings, fit for a town on one small machine, and the files of a cluster that we write ourselves."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from neighbourly.core.postgres.identity import Identity
from neighbourly.core.postgres.postmaster import PORT

FILE = "neighbourly.conf"
INCLUDE = f"\n# Rewritten at each start; what stands below it or comes by ALTER SYSTEM wins.\ninclude = '{FILE}'\n"
ACCESS = "# The socket lies in a folder that only the owner enters; there is no other way in.\nlocal all all trust\n"

SETTINGS = f"""\
listen_addresses = ''
port = {PORT}
unix_socket_permissions = 0700
max_connections = 100

shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 512MB
wal_compression = on
random_page_cost = 1.1
jit = off

# A backend whose client is gone ends within seconds, also when the postmaster was killed: until then nothing can start.
client_connection_check_interval = 2s

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'

# A week of logs. They hold no statement and no row: those would be people's data.
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_error_verbosity = terse
log_min_error_statement = panic
"""


def write_settings(cluster: Path, sockets: Path, identity: Identity) -> None:
    """Write the settings of the next start, with the folder of its socket."""
    where = str(sockets).replace("'", "''")
    write_file(cluster / FILE, f"{SETTINGS}\nunix_socket_directories = '\"{where}\"'\n", identity)


def write_file(file: Path, text: str, identity: Identity) -> None:
    """Replace a file in a folder of `identity` by one of its own, whole or not at all, following no link there."""
    descriptor, made = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(descriptor)
    identity.own(Path(made))
    os.replace(made, file)
