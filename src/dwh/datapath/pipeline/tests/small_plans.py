"""Parts of the real plan, so that a property test can build hundreds of times: real models, fewer of them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from dwh.datapath.pipeline.plan import DATAPATH, Plan, make_plan, reads_of
from dwh.datapath.warehouse.model import Model, parse_model, read_models
from dwh.datapath.warehouse.seeds import SEEDS, seeds_in

ORGANISATION = (
    "staging.stg_org_unit", "staging.org_unit", "core.org_name", "core.org_succession", "staging.org_home",
    "core.dim_org_at", "core.dim_org",
)  # fmt: skip
PEOPLE = (*ORGANISATION, "staging.stg_participant", "core.dim_participant")
CONTRIBUTIONS = (
    *PEOPLE, "staging.stg_employer", "core.dim_employer", "staging.stg_contribution", "core.fct_contribution",
    "core.fct_participation",
)  # fmt: skip
CLAIMS = (
    *PEOPLE, "staging.stg_facility", "core.dim_facility", "staging.stg_claim", "staging.stg_claim_drug",
    "staging.stg_practitioner", "staging.stg_claim_service", "staging.claim_drug_sum", "staging.claim_service_sum",
    "core.fct_claim", "core.fct_claim_cost", "core.fct_facility_contract", "core.dim_geo",
)  # fmt: skip
LEDGER = (
    *PEOPLE, "staging.stg_account", "staging.stg_ledger_document", "staging.stg_ledger_entry",
    "staging.stg_account_balance", "staging.stg_budget", "core.dim_account", "core.dim_budget_item",
    "core.dim_ledger_activity", "core.fct_ledger_entry", "core.fct_account_balance", "core.fct_budget",
    "core.fct_budget_execution", "staging.stg_employer", "staging.stg_contribution", "core.fct_collection_match",
)  # fmt: skip
CARDS = (
    *CONTRIBUTIONS, "staging.stg_facility", "core.dim_facility", "staging.stg_hi_card", "staging.stg_si_book",
    "core.fct_card_stock", "core.fct_si_book", "core.fct_card_issue", "core.fct_participation_change",
    "core.fct_participation_match",
    "staging.arrears_at_month_end", "core.fct_arrears",
)  # fmt: skip
BENEFITS = (
    *PEOPLE, "staging.stg_employer", "core.dim_employer", "staging.stg_contribution", "staging.pension_payer",
    "staging.office_today", "staging.stg_benefit_move", "staging.benefit_move", "staging.stg_benefit_death",
    "core.dim_benefit", "core.dim_fund_source", "staging.stg_benefit_payment", "core.fct_benefit_payment",
)  # fmt: skip
EFILING = (
    *ORGANISATION, "staging.working_day", "staging.stg_procedure", "staging.procedure_limit",
    "staging.stg_edossier", "staging.edossier_flow", "staging.edossier_entry", "staging.edossier_open",
    "core.dim_procedure", "core.fct_edossier", "core.fct_edossier_open",
)  # fmt: skip
STAFF = (
    *ORGANISATION, "staging.stg_staff", "staging.stg_staff_position",
    "staging.stg_staff_decision", "staging.stg_identity", "staging.stg_identity_account", "staging.stg_identity_app",
    "staging.stg_identity_event", "staging.staff_at_month_end", "staging.account_at_month_end", "core.dim_application",
    "core.fct_staff_stock", "core.fct_staff_movement", "core.fct_account", "core.fct_sign_in",
)  # fmt: skip
MONTHS = """-- model:    core.dim_month
-- kind:     full
-- grain:    month
-- owner:    test
-- audits:   unique(grain)
SELECT DISTINCT
  c.{month} AS month -- VARCHAR 'YYYY-MM'
FROM {table} AS c
"""


_TABLE = re.compile(r"\b(?:core|staging)\.\w+")


@cache
def every_model() -> dict[str, Model]:
    """Return the models of the repository as they are written, by table."""
    folders = [*DATAPATH.glob("sources/*/standardise"), DATAPATH / "warehouse/models"]
    return {model.table: model for folder in folders for model in read_models(folder)}


@cache
def contributions_plan() -> Plan:
    return plan_of(CONTRIBUTIONS, MONTHS.format(month="contribution_month", table="staging.stg_contribution"))


@cache
def claims_plan() -> Plan:
    return plan_of(CLAIMS, MONTHS.format(month="visit_month", table="staging.stg_claim"))


@cache
def benefits_plan() -> Plan:
    return plan_of(BENEFITS, MONTHS.format(month="pay_month", table="staging.stg_benefit_payment"))


@cache
def efiling_plan() -> Plan:
    return plan_of(EFILING, MONTHS.format(month="closed_month", table="staging.edossier_flow"))


@cache
def ledger_plan() -> Plan:
    return plan_of(LEDGER, MONTHS.format(month="accounting_month", table="staging.stg_ledger_document"))


@cache
def cards_plan() -> Plan:
    return plan_of(CARDS, MONTHS.format(month="contribution_month", table="staging.stg_contribution"))


@cache
def staff_plan() -> Plan:
    months = MONTHS.format(month="event_month", table="staging.stg_identity_event")
    last_day = " -- VARCHAR 'YYYY-MM'\n"
    with_days = f",{last_day}  LAST_DAY(CAST(c.event_month || '-01' AS DATE)) AS last_day -- DATE\n"
    return plan_of(STAFF, months.replace(last_day, with_days))


def changed(plan_of: tuple[str, ...], table: str, old: str, new: str, *, months: str) -> Plan:
    """Return a plan in which one model's SQL says something else."""
    models = [every_model()[name] for name in with_inputs(plan_of)]
    models = [replace(m, sql=m.sql.replace(old, new)) if m.table == table else m for m in models]
    assert any(new in model.sql for model in models)
    return make_plan([*models, parse_model(months)], seeds_in(SEEDS))


def plan_of(tables: tuple[str, ...], months: str) -> Plan:
    return make_plan(
        [*(every_model()[table] for table in with_inputs(tables)), parse_model(months)], seeds_in(SEEDS)
    )


def with_inputs(tables: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tables, what they are made from and audited against; the months have a model of their own here."""
    found, waiting = dict.fromkeys(tables), list(tables)
    while waiting:
        model = every_model()[waiting.pop()]
        for table in sorted(reads_of(model) | set(_TABLE.findall(" ".join(model.audits)))):
            if table in every_model() and table not in found and table != "core.dim_month":
                found[table] = None
                waiting.append(table)
    return tuple(found)
