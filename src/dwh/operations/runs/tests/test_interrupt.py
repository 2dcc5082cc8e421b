"""Ctrl+C: a wish to stop, not a fault; a second one is not held up."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from dwh.operations.runs.interrupt import stops_on_ctrl_c

WAIT_S = 5.0  # a thread of its own asks: far more than it needs


def test_the_first_asks_to_stop_and_the_second_ends_the_process():
    asked = threading.Event()
    with stops_on_ctrl_c(asked.set):
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.wait(WAIT_S)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_what_it_did_before_it_does_again_afterwards():
    before = signal.getsignal(signal.SIGINT)
    with stops_on_ctrl_c(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_beside_the_main_thread_nothing_is_set():
    before, inside = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with stops_on_ctrl_c(lambda: None):
            inside.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert inside == [before]
