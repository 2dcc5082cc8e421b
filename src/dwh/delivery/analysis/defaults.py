"""The first table of each subject: a question most people ask, so that nobody starts from nothing."""

from __future__ import annotations

from typing import Any, Final

from dwh.datapath.semantic.catalog import load_catalog
from dwh.delivery.analysis.compatibility import values_by

FIRST: Final[dict[str, dict[str, Any]]] = {
    "contributions": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["collected_vnd", "collection_rate", "participants"],
    },
    "participants": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["si_participants_end", "si_voluntary_end", "hi_participants_end"],
    },
    "claims": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["visits", "hi_paid_vnd", "avg_cost_vnd"],
    },
    "benefits": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["decisions", "turns", "lump_sums"],
    },
    "benefit_payments": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["paid_vnd", "roll_end", "paid_per_beneficiary_vnd"],
    },
    "unemployment": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["ui_awards", "ui_receiving_end", "ui_paid_vnd"],
    },
    "cards": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["cardholders_end", "cards_end", "books_issued"],
    },
    "ledger": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["booked_vnd", "match_gap_vnd", "closing_net_vnd"],
    },
    "budget": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["revenue_execution_rate", "spending_budget_vnd", "spending_execution_rate"],
    },
    "households": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["members", "members_with_card", "household_coverage"],
    },
    "efiling": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["dossiers_received", "dossiers_done", "on_time_rate"],
    },
    "staff": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["staff_end", "staff_women_end", "women_rate"],
    },
    "sign_ins": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["sign_ins", "failed_sign_ins", "failure_rate"],
    },
}


def query_by(level: str, subject: dict[str, Any]) -> dict[str, Any]:
    """Return a first question cut by `level`, with the usual values it can cut, else with the first ones that can."""
    able = values_by(level, load_catalog().subject(subject["name"]))
    usual = first_query(subject)
    mine = {one["name"] for one in (*subject["measures"], *subject["indicators"])}
    values = [name for name in usual["values"] if name in able] or [name for name in able if name in mine][:3]
    return usual | {"rows": [level], "columns": [], "values": values}


def first_query(subject: dict[str, Any]) -> dict[str, Any]:
    """Return the first question of a catalogue's subject, only with fields this person has."""
    wanted = FIRST.get(subject["name"], {})
    values = [one["name"] for one in (*subject["measures"], *subject["indicators"])]
    levels = [level["name"] for dimension in subject["dimensions"] for level in dimension["levels"]]
    return {
        "subject": subject["name"],
        "rows": [name for name in wanted.get("rows", ()) if name in levels],
        "columns": [name for name in wanted.get("columns", ()) if name in levels],
        "values": [name for name in wanted.get("values", ()) if name in values] or values[:3],
        "filters": [],
        "org_basis": "as_is",  # years on both sides of a reorganisation stand in one line
        "totals": True,
    }
