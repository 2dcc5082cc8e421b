"""Every kind of broken file ends in one clear sentence, and nothing lands that should not."""

from __future__ import annotations

from collections import Counter

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.problem import FileRefused
from dwh.datapath.sources.files.tests.broken import Broken
from dwh.datapath.sources.files.tests.broken_claims import BROKEN_CLAIMS
from dwh.datapath.sources.files.tests.broken_exports import BrokenSheet
from dwh.datapath.sources.files.tests.broken_sheets import BROKEN_SHEETS
from dwh.datapath.sources.files.tests.claims import landed, load
from dwh.datapath.sources.manual.planned_load import load_planned
from dwh.datapath.sources.manual.tests.exports import NOW, approved, live_rows


@pytest.fixture
def area(tmp_path):
    return DataPathSettings(home=tmp_path / "home")


@pytest.mark.parametrize("broken", BROKEN_CLAIMS, ids=str)
def test_a_broken_claim_file_names_file_place_and_remedy(tmp_path, area, broken: Broken):
    path = broken.make(tmp_path)
    if broken.landed:
        facts = load(path, area, limits=broken.limits).entry.facts
        problems = facts["problems"]
        assert facts["landed"] == broken.landed
    else:
        with pytest.raises(FileRefused) as refusal:
            load(path, area, limits=broken.limits)
        problems = [refusal.value.facts["problem"]]
        assert not list(area.landing.rglob("*.parquet"))
    assert [problem["code"] for problem in problems] == [broken.code] * broken.reasons
    for problem in problems:
        tells_clearly(problem, path.name, broken)
    assert len(landed(area, "gd_ho_so")) == broken.landed
    assert {row["ma_lk"] for row in landed(area, "gd_thuoc")} == (
        {"LK0001", "LK0002"} if broken.landed else set()
    )


@pytest.mark.parametrize("broken", BROKEN_SHEETS, ids=str)
def test_a_broken_export_names_file_place_and_remedy(tmp_path, area, broken: BrokenSheet):
    path = broken.make(tmp_path)

    def load_it():
        return load_planned(
            path,
            approved(path, area, limits=broken.limits),
            name=path.name,
            settings=area,
            now=NOW,
            limits=broken.limits,
        )

    if broken.landed:
        facts = load_it().entry.facts
        problems = facts["problems"]
        assert facts["rows"] == broken.landed == len(live_rows(area))
    else:
        with pytest.raises(FileRefused) as refusal:
            load_it()
        problems = [refusal.value.facts["problem"]]
        assert not list(area.landing.rglob("*.parquet"))
    assert [problem["code"] for problem in problems] == [broken.code] * broken.reasons
    for problem in problems:
        tells_clearly(problem, path.name, broken)


def tells_clearly(problem: dict[str, str], file: str, broken: Broken | BrokenSheet) -> None:
    """Print, with -s, every kind and what is said of it; it is one clear sentence."""
    print(f"{broken.code}  {broken.name}: {problem['message']}")
    is_one_clear_sentence(problem["message"], file, broken.place)


def is_one_clear_sentence(message: str, file: str, place: tuple[str, ...]) -> None:
    """What is wrong, then what to do after a semicolon; one full stop, at the end."""
    assert message.startswith(f"Tệp «{file}»"), message
    assert all(word in message for word in place), message
    where, _, remedy = message.partition("; ")
    assert ": " in where, message
    assert len(remedy) > 15, message
    assert message.endswith("."), message
    assert not any(stop in message for stop in (". ", "..;", "\n", "None")), message


def test_there_are_many_kinds_and_no_two_alike():
    for kinds in (BROKEN_CLAIMS, BROKEN_SHEETS):
        names = [broken.name for broken in kinds]
        assert len(set(names)) == len(names) >= 60
    counts = Counter(one.code for one in (*BROKEN_CLAIMS, *BROKEN_SHEETS))
    print(f"{counts.total()} kinds of broken files, {len(counts)} codes: "
          + ", ".join(f"{code} ×{count}" for code, count in sorted(counts.items())))  # fmt: skip
