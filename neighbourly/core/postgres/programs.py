"""Running PostgreSQL's own programs: lists of arguments, a deadline, and the one line of their output that says why."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from neighbourly.core.postgres.identity import Identity
from neighbourly.core.postgres.problems import ServerFailed

TELLING = re.compile(r"\b(?:ERROR|FATAL|PANIC|error|fatal): +(?P<what>.+)$", re.MULTILINE)


def run_as(
    identity: Identity,
    command: Sequence[str],
    *,
    folder: Path,
    seconds: float,
    text: str = "",
    keep_open: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a server program in `folder` as `identity`; `text` is its input, `keep_open` file descriptors it inherits.

    The environment is bare: the server must not see our secrets, nor be led elsewhere by a stray `PGDATA` or `PGPORT`.
    """
    try:
        return subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            pass_fds=keep_open,
            **identity.process_options(),
        )
    except subprocess.TimeoutExpired:
        raise ServerFailed(f"{Path(command[0]).name} did not end within {seconds:.0f} s.") from None
    except OSError as reason:
        raise ServerFailed(f"{Path(command[0]).name} cannot be run as {identity.name}: {reason.strerror}.") from reason


def telling_line(output: str) -> str:
    """The last error of a program's output, else its last line, without a full stop."""
    errors = TELLING.findall(output)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return str(errors[-1] if errors else lines[-1] if lines else "it did not say why").strip().rstrip(".")
