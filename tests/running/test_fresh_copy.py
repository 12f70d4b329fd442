"""A copy of the project in an empty folder is enough: its tests run there and read nothing outside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PART = (
    "tests/architecture/test_pictures.py",
    "tests/core/cells/test_grid.py",
    "tests/listings/test_guessing.py",
    "tests/matching/test_documented_example.py",
    "tests/openapi/test_found.py",
    "tests/evaluation/test_evaluation.py::test_the_meaning_takes_few_things_of_a_tool_library_for_something_silly",
)
"""Tests that read data, documents and pages of the project, and tests on a database."""

WATCHED = """
import json, os, sys

own, project, system = json.loads(sys.argv[1])
outside = set()

def watch(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.join(os.path.abspath(os.fsdecode(arguments[0])), "")
        fine = path.startswith(tuple(own)) or (path.startswith(tuple(system)) and not path.startswith(project))
        if not fine and os.path.exists(path.rstrip(os.sep)):
            outside.add(path)

sys.addaudithook(watch)
import pytest
outcome = pytest.main(sys.argv[2:])
print("read outside:", sorted(outside))
sys.exit(outcome)
"""
"""A run of pytest that says what it opened elsewhere than in the copy, in Python's folders and in the system's."""
SYSTEM = ("/dev/", "/etc/", "/proc/", "/sys/", "/usr/", "/lib", "/opt/", "/run/", "/var/", "/bin/", "/System/")


@pytest.fixture
def copy() -> Iterator[Path]:
    """The project without what is ignored: as a clone has it."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()]
    with tempfile.TemporaryDirectory(prefix="nb-copy-") as folder:
        Path(folder).chmod(0o755)  # the database server may run as another user
        copied = Path(folder, "alone")
        shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns(".git", *ignored))
        yield copied


def test_a_part_of_the_tests_passes_in_a_copy_alone_and_reads_nothing_outside_it(copy):
    """The second command of the README, in short."""
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(places(copy)), "-q", "-n0", *PART],
        cwd=copy,
        env=environment(copy),
        capture_output=True,
        text=True,
        timeout=180,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert "skipped" not in said
    assert "read outside: []" in said


def places(copy: Path) -> tuple[list[str], str, tuple[str, ...]]:
    """What may be opened: the copy with its temporary folder, and Python; never the project that was copied."""
    own = {str(copy.parent), sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    return [os.path.join(place, "") for place in own], os.path.join(ROOT, ""), SYSTEM


def environment(copy: Path) -> dict[str, str]:
    """As a newcomer's: nothing that this run of tests was told, and a temporary folder beside the copy."""
    ours = ("NEIGHBOURLY_", "PYTEST_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours) and name != "CI"}
    return kept | {"TMPDIR": str(copy.parent)}
