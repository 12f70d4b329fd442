"""One product with its demo, used as people do: it answers, tells, ticks, and refuses a second of its kind."""

from __future__ import annotations

from urllib.request import Request, urlopen

import psycopg
import pytest

from neighbourly.core.postgres import Cluster
from neighbourly.demo.neighbourhood import HELPER, HEROINE
from tests.running.product import Product, free_port, run, start_in_vain, until

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.embedded]


def pushes(product: Product) -> list[dict]:
    return product.ask("GET", "/dev/pushes")[1]["items"]


def asked(product: Product) -> list[dict]:
    return [push for push in pushes(product) if push["data"]["type"] == "request_nearby"]


def waves(product: Product) -> list[int]:
    with psycopg.connect(Cluster(product.folder).conninfo) as connection:
        return [wave for (wave,) in connection.execute("SELECT wave FROM asks WHERE state = 'asking' ORDER BY wave")]


def test_the_start_ends_with_how_to_sign_in(product):
    lines = product.said().splitlines()
    ready = lines.index(f"neighbourly is ready at {product.url}")
    told = "\n".join(lines[ready:])
    assert HEROINE in told
    assert HELPER in told
    assert product.sign_in(HEROINE)


def test_the_demos_open_requests_are_really_asked(product):
    """Whoever ticked before: after ten minutes an asker may have heard that nobody is left to ask."""
    until(lambda: len({push["data"]["listing_id"] for push in asked(product)}) >= 3)
    assert all(push["to"] and push["title"] for push in asked(product))


def test_asking_for_a_drill_reaches_the_one_who_has_it(product):
    token = product.sign_in(HEROINE)
    status, listing = product.ask("POST", "/v1/listings", {"title": "Une perceuse"}, token)
    assert status == 201, listing
    told = until(lambda: [push for push in pushes(product) if push["data"].get("listing_id") == listing["id"]])
    assert "demo-karim" in {push["installation_id"] for push in told}


def test_a_mails_code_stands_on_the_development_page(product):
    person = {"email": "moi@example.org", "password": "un chat sur le toit", "display_name": "Moi", "adult": True}
    status, registered = product.ask("POST", "/v1/auth/register", person)
    assert status == 202
    mails = until(
        lambda: [each for each in product.ask("GET", "/dev/mails")[1]["items"] if each["to"] == person["email"]]
    )
    mail = mails[0]
    typed = {"email": "moi@example.org", "code": mail["code"], **registered}
    status, me = product.ask("POST", "/v1/auth/email/verify", typed)
    assert status == 200, me
    assert mail["code"] in product.ask("GET", "/dev")[1]


def test_pages_of_other_sites_cannot_read_the_development_page(product):
    """A name of theirs may resolve to this machine: it is not ours."""
    request = Request(f"{product.url}/dev/mails", headers={"Host": "elsewhere.example"})
    with pytest.raises(Exception, match="404"):
        urlopen(request, timeout=5)


def test_a_second_start_on_the_same_folder_or_port_is_refused(product, place):
    again = start_in_vain(product.folder, "--port", str(free_port()))
    assert (again.returncode, again.stdout) == (1, "")
    assert "is in use by another neighbourly" in again.stderr
    beside = start_in_vain(place / "other", "--port", str(product.port))
    assert f"Port {product.port} of 127.0.0.1 is in use" in beside.stderr


def test_the_doctor_finds_a_running_product_well(product):
    done = run(product.folder, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ worker: 1 at work" in done.stdout
    assert "✗" not in done.stdout


def test_a_tick_moves_the_next_wave(product):
    until(lambda: waves(product) and min(waves(product)) >= 1)
    before = waves(product)
    done = run(product.folder, "demo", "tick", "--minutes", "10")
    assert "matching.send_due_waves" in done.stdout, done.stderr
    until(lambda: sum(waves(product)) > sum(before) or len(waves(product)) < len(before))


def test_loading_the_demo_again_changes_nothing(product):
    done = run(product.folder, "demo", "load")
    assert done.stdout == "The demo neighbourhood is there already.\n"
