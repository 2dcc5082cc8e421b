"""The words of the log are those of the pages: each code it tells is called as where it comes from."""

from __future__ import annotations

import pytest

from dwh.delivery.dashboards.board import boards
from dwh.governance.access.rules import GROUP_LABELS
from dwh.governance.decisions.rules import STATE_LABELS as DECISION_STATES
from dwh.governance.decisions.rules import VERDICT_LABELS
from dwh.kernel.audit.fact_words import CODE_WORDS, PURPOSE_WORDS
from dwh.kernel.audit.models import Kind
from dwh.operations.changes.rules import KIND_LABELS as CHANGE_KINDS
from dwh.operations.changes.rules import STATE_LABELS as CHANGE_STATES
from dwh.operations.organisation.rules import KIND_LABELS as ORG_KINDS
from dwh.operations.runs.rules import KIND_LABELS as RUN_KINDS
from dwh.operations.runs.rules import STATE_LABELS as RUN_STATES
from dwh.operations.submissions.rules import FREQUENCY_LABELS, SENDER_LABELS

PAGES = {
    ("access", "group"): GROUP_LABELS,
    ("analysis", "group"): {**GROUP_LABELS, "": "mọi nhóm"},
    ("board", "group"): {**GROUP_LABELS, "": "mọi nhóm"},
    ("run", "kind"): RUN_KINDS,
    ("run", "state"): RUN_STATES,
    ("change", "kind"): CHANGE_KINDS,
    ("change", "state"): CHANGE_STATES,
    ("quarantine", "verdict"): VERDICT_LABELS,
    ("quarantine", "state"): DECISION_STATES,
    ("organisation", "kind"): ORG_KINDS,
    ("submission", "frequency"): FREQUENCY_LABELS,
    ("submission", "tier"): SENDER_LABELS,
    ("log", "loai"): dict(Kind.choices),
}


@pytest.mark.parametrize("place", PAGES, ids=".".join)
def test_a_code_is_called_in_the_log_as_on_its_page(place):
    assert CODE_WORDS[place] == {str(code): label for code, label in PAGES[place].items()}


def test_every_board_has_a_purpose_in_words():
    assert {f"dashboard:{board.name}" for board in boards()} <= PURPOSE_WORDS.keys()
