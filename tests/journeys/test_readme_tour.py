"""The README's tour, pasted line by line into a shell, on a product started by the README's command."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import quickest_place

ROOT = Path(__file__).parents[2]
READY = "neighbourly is ready at http://"
STRICT = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'

pytestmark = [
    pytest.mark.xdist_group("running"),
    pytest.mark.embedded,
    pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl"),
]


def block(name: str) -> str:
    """The README's block of that name."""
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert found, f"the README has no block {name}"
    return found[1]


@pytest.fixture(scope="module")
def product() -> Iterator[tuple[int, Path]]:
    """The whole product with its demo, on a free port and in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="nb-tour-", dir=quickest_place()))
    folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "wsgi.py", "--port", str(port), "--data-dir", str(folder / "var")]
    with subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            assert any(line.startswith(READY) for line in running.stdout), "it never said that it is ready"
            yield port, folder
        finally:
            running.terminate()
            running.wait(60)
    shutil.rmtree(folder)


def environment(folder: Path) -> dict[str, str]:
    """As a newcomer's: none of our settings, but for the data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEIGHBOURLY_")}
    return kept | {"NEIGHBOURLY_DATA_DIR": str(folder / "var"), "TZ": "UTC"}


def test_the_tour_works_line_by_line(product):
    port, folder = product
    flask = Path(sys.executable).with_name("flask")
    tour = block("tour").replace(":8000", f":{port}").replace(".venv/bin/flask", str(flask))
    ran = subprocess.run(
        ["bash", "-c", STRICT + tour], cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=180
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    first, second = told(ran.stdout)
    assert 5 <= len(first) < len(second)
    assert "Karim B." in {push["to"] for push in first}
    assert "'state':" in ran.stdout or '"state":' in ran.stdout
    assert re.findall(r"^(handed_over|returned)$", ran.stdout, re.M) == ["handed_over", "returned"]
    assert_his_drill_is_what_is_lent(ran.stdout)
    assert_it_ends_in_thanks(ran.stdout)


def assert_his_drill_is_what_is_lent(output: str) -> None:
    """BOK-05: the loan is of the thing that Karim was asked for, by its own name, and takes its copy."""
    [loan] = [answer for answer in shown(output) if answer.get("state") == "accepted"]
    assert loan["listing"]["title"] == "Perceuse à percussion Bosch"


def assert_it_ends_in_thanks(output: str) -> None:
    """Léa heard of the hand-over and of the end; their words stand in the open; the thread tells all of it."""
    *_, inbox, _, both, face, thread = shown(output)
    assert {"exchange_handed_over", "return_due"} <= {each["type"] for each in inbox["items"]}
    assert (both["mine"], both["theirs"]) == ("Avec plaisir, à bientôt.", "Merci Karim, les étagères tiennent !")
    assert face["thanks"][0]["text"] == "Merci Karim, les étagères tiennent !"
    steps = [each["code"] for each in reversed(thread["items"]) if each["code"]]
    assert steps == ["accepted", "on_my_way", "handed_over", "returned"]


def shown(output: str) -> list[dict[str, Any]]:
    """Every answer that was printed whole."""
    starts = (start.start() for start in re.finditer(r"^\{$", output, re.M))
    return [json.JSONDecoder().raw_decode(output[start:])[0] for start in starts]


def told(output: str) -> list[list[dict[str, str]]]:
    """Who was asked, by each of the tour's two looks at the pushes."""
    looks = []
    for answer in shown(output):
        pushes = [item for item in answer.get("items", []) if "installation_id" in item]
        if pushes:
            looks.append([push for push in pushes if push["data"]["type"] == "request_nearby"])
    return looks


def test_the_readme_says_its_two_commands_with_all_of_their_setup():
    for name in ("run", "test"):
        assert block(name).startswith("python3 -m venv .venv && .venv/bin/pip install")
