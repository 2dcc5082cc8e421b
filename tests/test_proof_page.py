"""The page of proofs names tests that are there, and files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/proof.md").read_text(encoding="utf-8")


def test_every_trap_names_a_test_that_is_there() -> None:
    named = re.findall(r"^\| .* \| `(src/[^`:]+)(?:::(\w+))?` \|$", PAGE, re.MULTILINE)
    assert len(named) >= 18
    for file, test in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {test or 'test_'}" in text, (file, test)


def test_every_place_the_page_names_is_there() -> None:
    places = re.findall(r"`((?:tests|src)/[\w/.]+)`", PAGE)
    assert len(places) >= 6
    assert all((ROOT / place).exists() for place in places)
