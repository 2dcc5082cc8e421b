"""Parts of the real plan, so that a property test can build hundreds of times: real models, fewer of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from dwh.datapath.pipeline.plan import DATAPATH, SEEDS, Plan, make_plan, seeds_in
from dwh.datapath.warehouse.model import Model, parse_model, read_models

PEOPLE = ("staging.stg_org_unit", "staging.stg_participant", "core.dim_org", "core.dim_participant")
CONTRIBUTIONS = (
    *PEOPLE, "staging.stg_employer", "core.dim_employer", "staging.stg_contribution", "core.fct_contribution",
    "core.fct_participation",
)  # fmt: skip
CLAIMS = (
    *PEOPLE, "staging.stg_facility", "core.dim_facility", "staging.stg_claim", "staging.stg_claim_drug",
    "staging.stg_claim_service", "staging.claim_drug_sum", "staging.claim_service_sum", "core.fct_claim",
)  # fmt: skip
EFILING = (
    "staging.stg_org_unit", "core.dim_org", "staging.working_day", "staging.stg_procedure", "staging.procedure_limit",
    "staging.stg_edossier", "staging.edossier_flow", "staging.edossier_entry", "staging.edossier_open",
    "core.dim_procedure", "core.fct_edossier", "core.fct_edossier_open",
)  # fmt: skip
STAFF = (
    "staging.stg_org_unit", "core.dim_org", "staging.stg_staff", "staging.stg_staff_position",
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


@cache
def every_model() -> dict[str, Model]:
    """Return the models of the repository as they are written, by table."""
    folders = [*DATAPATH.glob("sources/*/standardise"), DATAPATH / "warehouse/models"]
    return {model.table: model for folder in folders for model in read_models(folder)}


@cache
def contributions_plan() -> Plan:
    return _plan(CONTRIBUTIONS, MONTHS.format(month="contribution_month", table="staging.stg_contribution"))


@cache
def claims_plan() -> Plan:
    return _plan(CLAIMS, MONTHS.format(month="visit_month", table="staging.stg_claim"))


@cache
def efiling_plan() -> Plan:
    return _plan(EFILING, MONTHS.format(month="closed_month", table="staging.edossier_flow"))


@cache
def staff_plan() -> Plan:
    months = MONTHS.format(month="event_month", table="staging.stg_identity_event")
    last_day = " -- VARCHAR 'YYYY-MM'\n"
    with_days = f",{last_day}  LAST_DAY(CAST(c.event_month || '-01' AS DATE)) AS last_day -- DATE\n"
    return _plan(STAFF, months.replace(last_day, with_days))


def changed(plan_of: tuple[str, ...], table: str, old: str, new: str, *, months: str) -> Plan:
    """Return a plan in which one model's SQL says something else."""
    models = [every_model()[name] for name in plan_of]
    models = [replace(m, sql=m.sql.replace(old, new)) if m.table == table else m for m in models]
    assert any(new in model.sql for model in models)
    return make_plan([*models, parse_model(months)], seeds_in(SEEDS))


def _plan(tables: tuple[str, ...], months: str) -> Plan:
    return make_plan([*(every_model()[table] for table in tables), parse_model(months)], seeds_in(SEEDS))
