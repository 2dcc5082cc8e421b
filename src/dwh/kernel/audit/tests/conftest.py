"""Tests of the log seal when they say so, never by themselves."""

from __future__ import annotations

import pytest

from dwh.kernel.audit import services


@pytest.fixture(autouse=True)
def _seal_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SEAL_EVERY", float("inf"))
