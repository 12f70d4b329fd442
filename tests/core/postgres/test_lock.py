"""One product on one data folder."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from neighbourly.core.postgres import DataFolderInUse, DataFolderUnusable, FolderLock


def test_two_starts_on_one_folder_end_in_one_sentence(tmp_path):
    with (
        FolderLock(tmp_path),
        pytest.raises(DataFolderInUse, match=rf"^The data folder .* in use .*process {os.getpid()}.*\.$"),
        FolderLock(tmp_path),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path):
    for _ in range(2):
        with FolderLock(tmp_path):
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_killed_holder_holds_nothing(tmp_path):
    spawning = multiprocessing.get_context("fork")
    held, never = spawning.Event(), spawning.Event()

    def hold() -> None:
        with FolderLock(tmp_path):
            held.set()
            never.wait()

    holder = spawning.Process(target=hold)
    holder.start()
    assert held.wait(10)
    with pytest.raises(DataFolderInUse, match=f"process {holder.pid}"), FolderLock(tmp_path):
        pass
    holder.kill()
    holder.join()
    with FolderLock(tmp_path):
        pass


def test_a_missing_data_folder_is_made(tmp_path):
    with FolderLock(tmp_path / "deep" / "var"):
        assert (tmp_path / "deep" / "var" / "lock").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderUnusable, match="cannot be written"), FolderLock(tmp_path / "file"):
        pass
