"""Questions to other machines where this one is at its end."""

from __future__ import annotations

import threading

import pytest

from neighbourly.core.outside import LEFT_BEHIND, NoAnswer, OutsideCalls


def test_without_a_thread_there_is_no_answer_and_no_place_is_lost(monkeypatch):
    """REL-12: a process that was short of threads for a moment asks again afterwards."""
    calls = OutsideCalls("somebody", at_once=1, seconds=5)

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", refuse)
        for _ in range(LEFT_BEHIND + 2):
            with pytest.raises(NoAnswer):
                calls.call(lambda: 1)
    assert calls.call(lambda: 1) == 1
