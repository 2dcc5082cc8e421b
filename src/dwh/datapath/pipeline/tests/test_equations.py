"""The equations find a row that was dropped on purpose, wherever it was dropped; nothing is then published."""

from __future__ import annotations

import pytest

from dwh.datapath.pipeline import make as making
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import CLAIMS, CONTRIBUTIONS, MONTHS, changed, contributions_plan
from dwh.datapath.warehouse.release import current_release
from dwh.kernel.errors import AuditFailed

LINE_MONTHS = MONTHS.format(month="contribution_month", table="staging.stg_contribution")
CLAIM_MONTHS = MONTHS.format(month="visit_month", table="staging.stg_claim")


@pytest.fixture
def nation(tmp_path):
    settings = kit.settings_in(tmp_path)
    lines = [kit.line(1), kit.line(2, person=2), kit.line(3, person=3, ma_so_bhxh="99")]
    kit.small_nation(settings, lines=lines, claims=[kit.claim(1), kit.claim(2)])
    return settings


STAGED, FACT, CLAIM = "staging.stg_contribution", "core.fct_contribution", "core.fct_claim"
LOSSES = {  # what goes wrong → plan, months, table, words, other words, the equation that must find it
    "row dropped by staging": (
        CONTRIBUTIONS, LINE_MONTHS, STAGED, "WHERE c.landed", "WHERE c.id <> 2 AND c.landed", "landed:tst_dong_ca_nhan",
    ),
    "money misread by staging": (
        CONTRIBUTIONS, LINE_MONTHS, STAGED, "COALESCE(c.so_tien_da_dong, 0)", "COALESCE(c.so_tien_ld, 0)",
        "landed:tst_dong_ca_nhan:collected_vnd",
    ),
    "row dropped by the fact": (
        CONTRIBUTIONS, LINE_MONTHS, FACT, "WHERE c.contribution_month",
        "WHERE c.source_id > 2 AND c.contribution_month",
        f"fact:{FACT}:base_vnd",
    ),
    "claim dropped by the fact": (
        CLAIMS, CLAIM_MONTHS, CLAIM, "WHERE c.visit", "WHERE c.source_id <> 2 AND c.visit", f"fact:{CLAIM}:total_vnd",
    ),
}  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_row_or_dong_stops_the_build(nation, loss):
    tables, months, table, old, new, equation = LOSSES[loss]
    with pytest.raises(AuditFailed, match="lệch") as failed:
        kit.make(nation, plan=changed(tables, table, old, new, months=months))
    assert failed.value.facts["equation"] == equation
    assert not list(nation.releases.glob("*.candidate"))


def test_a_row_lost_by_quarantine_stops_the_build(nation, monkeypatch):
    scan = making.held_rows
    monkeypatch.setattr(making, "held_rows", lambda *a, **k: scan(*a, **k) + " AND t.id <> 3")
    with pytest.raises(AuditFailed, match="lệch 1 dòng và 1760000"):
        kit.make(nation, plan=contributions_plan())


def test_a_row_doubled_by_a_join_stops_the_build(nation):
    plan = changed(CONTRIBUTIONS, "core.fct_contribution", "FROM staging.stg_contribution AS c",
                   "FROM (SELECT c.source_id, c.participant_key, c.employer_key, c.component_code, c.fund_code, "
                   "c.contribution_month, c.org_code, c.base_vnd, c.due_vnd, c.collected_vnd, c.batch_id "
                   "FROM staging.stg_contribution AS c CROSS JOIN range(2)) AS c", months=LINE_MONTHS)  # fmt: skip
    with pytest.raises(AuditFailed, match="fct_contribution"):
        kit.make(nation, plan=plan)


def test_an_orphan_found_by_an_audit_stops_the_build(nation):
    joined = "m.participant_key = p.participant_key"
    plan = changed(CONTRIBUTIONS, "core.dim_participant", joined, f"{joined} WHERE p.participant_key <> 2",
                   months=LINE_MONTHS)  # fmt: skip
    with pytest.raises(AuditFailed, match=r"refers\(participant_key"):
        kit.make(nation, plan=plan)


def test_a_failed_build_leaves_the_last_release_and_the_next_build_works(nation):
    first = kit.make_public(nation, plan=contributions_plan())
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(4, "2025-06", person=4)])
    tables, months, table, old, new, _ = LOSSES["row dropped by the fact"]
    with pytest.raises(AuditFailed):
        kit.make(nation, plan=changed(tables, table, old, new, months=months))
    assert current_release(nation) == first
    assert kit.rows_of(
        kit.make_public(nation, plan=contributions_plan()), "core.fct_contribution", "count(*)"
    ) == [(3,)]
