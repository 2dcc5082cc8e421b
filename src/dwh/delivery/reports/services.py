"""Runs a fixed report for a person: asks through the gate, computes the table once, records the run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dwh.datapath.semantic.members import Choice
from dwh.datapath.semantic.query import Query
from dwh.delivery.reports.compute import Printed, b02_table
from dwh.delivery.reports.definition import Definition, definition_named
from dwh.delivery.reports.forms import Option, Options
from dwh.delivery.reports.parameters import ALL, ALL_VISITS, Parameters
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.access.services import scope_for
from dwh.kernel import vi
from dwh.kernel.actor import Actor
from dwh.kernel.audit.fact_words import fact_words
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.services import record, record_denied
from dwh.kernel.documents.table import Table
from dwh.kernel.errors import Denied
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.scope import NATION, OrgScope, is_under
from dwh.kernel.org.services import current_codes

PERMISSION, EXPORT = "report:run", "data:export"
HISTORY_SHOWN = 20
ON_SCREEN = "man-hinh"
REPORTS = ("b02",)
IN_WORDS = frozenset(
    {"ma_tinh", "nam", "tu_thang", "den_thang"}
)  # the history says unit and period by themselves
FORMATS = {ON_SCREEN: "màn hình", "xlsx": "XLSX", "pdf": "PDF", "docx": "DOCX"}


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run: what was asked, and the table every format prints."""

    definition: Definition
    parameters: Parameters
    table: Table
    state: str


@cites(QC_DWH.art("3.2a"))
def run_b02(
    parameters: Parameters, *, by: Account, as_actor: Actor, now: datetime, today: date, form: str
) -> Run:
    """Compute B02 for `parameters` and put the run on record; `form` is where it goes (screen, XLSX …).

    Raises:
        Denied: `by` may not run reports today, or not over this unit, or not take files out of it.

    Source: QC-DWH Điều 3.2a (fixed reports); QĐ-2366 Điều 4.2.4 (every task is logged), Điều 5.3.
    """
    definition = definition_named("b02")
    if form != ON_SCREEN:
        _must_export(by, parameters, definition.subject, today)
    question = Query.from_json(parameters.question(definition))
    answer = gate.ask(
        question, by=by, purpose=f"report:{definition.name}", today=today, permission=PERMISSION
    )
    agency = by.unit_name if by.unit_code != NATION else ""
    printed = Printed(person=by.full_name, agency=agency, at=vi.datetime_vi(now))
    table = b02_table(definition, parameters, answer, printed)
    with transaction.atomic():
        record(
            "report.run",
            by=as_actor,
            about=f"report:{definition.name}",
            org_code=parameters.unit,
            parameters=dict(parameters.printed(definition)),
            unit_name=parameters.unit_name,
            period=parameters.period,
            release=answer.release,
            data_until=gate.current_release_info().data_until,
            form=form,
            rows=len(table.rows),
        )
    return Run(definition, parameters, table, answer.state)


def _must_export(by: Account, parameters: Parameters, subject: str, today: date) -> None:
    """Raise Denied when the right to take data out does not reach the unit the right to run the report reaches."""
    if not scope_for(by, EXPORT, today, subject=subject).covers(parameters.unit):
        raise Denied(
            f"Ông/bà chưa có quyền kết xuất số liệu của {parameters.unit_name} ra tệp. Xem trên màn hình, hoặc đề nghị"
            " cấp quyền.",
            permission=EXPORT,
            org=parameters.unit,
        )


def refuse_b02(faults: list[str], *, as_actor: Actor, entered: str) -> None:
    """Put on record that parameters were refused: what was entered, and what was said.

    Source: QĐ-2366 Điều 4.2.4 (every task, also the attempted one).
    """
    record_denied(
        "report.refused", by=as_actor, about="report:b02", entered=entered[:500], message=" ".join(faults)
    )


def reports_for(account: Account, today: date) -> list[Definition]:
    """Return the fixed reports whose subject `account` was given: nothing else is offered.

    Source: QĐ-2366 Điều 5.3 (within one's area).
    """
    every = map(definition_named, REPORTS)
    return [one for one in every if not scope_for(account, PERMISSION, today, subject=one.subject).is_empty]


def options_for(account: Account, today: date) -> Options:
    """Return what the parameter form offers `account` today.

    Source: QĐ-2366 Điều 5.3 (within one's area).
    """
    subject = definition_named("b02").subject
    scope = scope_for(account, PERMISSION, today, subject=subject)

    def listed(field: str) -> list[Option]:
        wanted = Choice(subject, field, limit=2_000)
        found = gate.members(wanted, by=account, today=today, permission=PERMISSION)
        return [(one.key, one.label) for one in found]

    return Options(
        units=units_in(scope, listed("org.province"), listed("org.office")),
        visit_types=listed("visit_type.type"),
        classes=listed("facility.class"),
        levels=listed("facility.level"),
        years=sorted((int(key) for key, _ in listed("month.year")), reverse=True),
        data_until=gate.current_release_info().data_until,
    )


def units_in(scope: OrgScope, provinces: list[Option], offices: list[Option]) -> list[Option]:
    """Return the units a report may be run for: the nation, whole provinces, else single offices."""
    today = current_codes(key for key, _ in (*provinces, *offices))
    nation = [(NATION, "Toàn quốc")] if scope.covers(NATION) else []
    whole = [one for one in provinces if scope.covers(one[0]) and today[one[0]] == one[0]]
    rest = [one for one in offices if scope.covers(one[0]) and today[one[0]] == one[0]]
    single = [one for one in rest if not any(is_under(one[0], province) for province, _ in whole)]
    return nation + sorted(whole + single, key=lambda one: vi.sort_key(one[1]))


@dataclass(frozen=True, slots=True)
class PastRun:
    """One line of the history: who, when, what, on which release."""

    at: datetime
    name: str
    facts: dict[str, Any]

    @property
    def what(self) -> str:
        """Return the unit and the period in words."""
        period = str(self.facts.get("period", ""))
        return f"{self.facts.get('unit_name', '')}, {period[:1].lower()}{period[1:]}"

    @property
    def parameters(self) -> str:
        """Return what was chosen beside unit and period, in the order of the form: names in words, codes as listed."""
        given = self.facts.get("parameters", {})
        chosen = [
            (name, given.get(name, ALL))
            for name in definition_named("b02").parameters
            if name not in IN_WORDS
        ]
        everything = {"ma_loai_kcb": ALL_VISITS}
        narrowed = [(name, value) for name, value in chosen if value != everything.get(name, ALL)]
        return ", ".join(f"{fact_words(name)} {value}" for name, value in narrowed) or "tất cả"

    @property
    def form(self) -> str:
        return FORMATS.get(str(self.facts.get("form")), "")


def history(account: Account) -> list[PastRun]:
    """Return the last runs of `account`, latest first: who, when, parameters, data cut-off.

    Source: QĐ-2366 Điều 4.2.4.
    """
    past = AuditRecord.objects.filter(action="report.run", actor_email=account.email).order_by("-pk")
    return [PastRun(one.at, one.actor_name, one.facts) for one in past[:HISTORY_SHOWN]]
