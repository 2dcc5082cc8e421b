"""What may be typed, when a change begins, which value holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.datapath.settings import DataPathSettings, source_settings
from dwh.kernel.errors import Invalid
from dwh.operations.parameters import rules
from dwh.operations.parameters.rules import BUILDER, parameters_of

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
MEMORY, THREADS, _, PERCENT, ROWS, _ = BUILDER
PACE, WINDOW = parameters_of("collection", "Phần mềm Thu")


@pytest.mark.parametrize(
    ("parameter", "typed", "kept"),
    [
        (MEMORY, " 2.000 ", "2000"), (THREADS, "08", "8"), (PERCENT, "100", "100"), (PACE, "", ""),
        (PACE, "50.000", "50000"), (WINDOW, "22:00 – 05:00", "22:00-05:00"), (WINDOW, "", ""),
    ],
)  # fmt: skip
def test_a_value_is_kept_in_one_written_form(parameter, typed, kept):
    assert rules.read_value(parameter, typed) == kept
    assert rules.read_value(parameter, kept) == kept


@pytest.mark.parametrize(
    ("parameter", "typed", "word"),
    [
        (MEMORY, "", "số nguyên từ 256"), (MEMORY, "2GB", "số nguyên"), (MEMORY, "255", "256"),
        (THREADS, "0", "từ 1"), (PERCENT, "101", "đến 100"), (PERCENT, "-5", "từ 1"), (ROWS, "１２", "từ 0"),
        (PACE, "99", "để trống là không giới hạn"), (WINDOW, "25:00-05:00", "22:00-05:00"),
        (WINDOW, "05:00-05:00", "22:00-05:00"), (WINDOW, "đêm", "22:00-05:00"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_what_may_be_typed(parameter, typed, word):
    with pytest.raises(Invalid) as refused:
        rules.read_value(parameter, typed)
    assert parameter.label in refused.value.message_vi
    assert word in refused.value.message_vi


@given(st.text(max_size=12))
def test_any_text_is_a_value_within_bounds_or_refused(text):
    for parameter in (MEMORY, PACE, WINDOW):
        try:
            value = rules.read_value(parameter, text)
        except Invalid:
            continue
        assert value == rules.read_value(parameter, value)
        if parameter is not WINDOW and value:
            assert parameter.low <= int(value) <= parameter.high


def test_a_change_begins_at_once_or_later_but_never_before():
    later = NOW + timedelta(hours=9)
    assert rules.begins(None, NOW) == NOW
    assert rules.begins(later, NOW) == later
    assert rules.begins(NOW - timedelta(seconds=30), NOW) == NOW  # typed a moment ago
    for wrong in (NOW - timedelta(minutes=2), NOW + timedelta(days=400)):
        with pytest.raises(Invalid, match="Thời điểm hiệu lực"):
            rules.begins(wrong, NOW)


@dataclass
class Change:
    pk: int
    code: str
    value: str
    takes_effect_at: datetime
    withdrawn_at: datetime | None = None


@pytest.mark.req("C-25")
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-5, 5), st.booleans()), max_size=8))
def test_the_value_in_force_is_that_of_the_newest_change_that_has_begun(history):
    changes = [
        Change(n, code, str(n), NOW + timedelta(hours=hours), NOW if withdrawn else None)
        for n, (code, hours, withdrawn) in enumerate(history)
    ]
    found = rules.values_in_force(changes, NOW)
    for code in "ab":
        begun = [c for c in changes if c.code == code and not c.withdrawn_at and c.takes_effect_at <= NOW]
        newest = max((c.takes_effect_at for c in begun), default=None)
        same = [c.value for c in begun if c.takes_effect_at == newest]
        assert found.get(code) == (same[-1] if same else None)


def test_the_configuration_of_the_machine_reads_as_people_type_it():
    settings = DataPathSettings(
        Path("/nowhere"), reading={"claims": source_settings("claims", max_rows_s="500", window="22:00-05:00")},
        memory_limit="1.5GiB", threads=4,
    )  # fmt: skip
    found = rules.configured(settings, ["claims", "collection"])
    assert found == {
        "build.memory_mb": "1611", "build.threads": "4", "sync.sources": "1", "loss.percent": "20", "loss.rows": "1000",
        "check.free_percent": "15",
        "source.claims.max_rows_s": "500", "source.claims.window": "22:00-05:00",
        "source.collection.max_rows_s": "", "source.collection.window": "",
    }  # fmt: skip
