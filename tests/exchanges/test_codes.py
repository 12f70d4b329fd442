"""The codes that attest, and their picture."""

from __future__ import annotations

from uuid import uuid4

from neighbourly.exchanges.codes import code_of, matches, qr_svg


def test_a_code_is_six_digits_of_one_step_of_one_exchange():
    one, two = uuid4(), uuid4()
    codes = {code_of(key, each, step) for key in ("a", "b") for each in (one, two) for step in ("hand_over", "return")}
    assert len(codes) >= 7, "eight numbers of six digits hardly meet"
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def test_only_the_same_digits_match():
    exchange = uuid4()
    code = code_of("key", exchange, "return")
    assert matches("key", exchange, "return", code)
    assert not matches("key", exchange, "return", f"{(int(code) + 1) % 1_000_000:06d}")


def test_the_picture_stands_alone_as_svg():
    picture = qr_svg("042917")
    assert picture.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in picture
