"""Where one cell of a report comes from: its own question by month, and the source rows and batches behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.cell import question_about
from dwh.delivery.reports.compute import KEY_SIGN
from dwh.delivery.reports.definition import definition_named
from dwh.delivery.reports.parameters import Parameters
from dwh.delivery.reports.services import PERMISSION
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.protection.lineage import Lineage, lineage_of
from dwh.kernel.actor import Origin
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QD_3582, cites

GONE = "Ô cần xem nguồn gốc không có trong báo cáo này. Mở lại báo cáo rồi bấm vào ô."


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """The cell in words, and its origin."""

    label: str
    description: str
    place: str
    period: str
    release: str
    state: str
    lineage: Lineage


@cites(QD_3582.art("III.2b¶4"))
def origin_of_b02(
    parameters: Parameters, key: str, *, by: Account, today: date, origin: Origin | None = None
) -> CellOrigin:
    """Return the origin of the cell `key` of this run of B02, asked through the gate like the report itself.

    Raises:
        Invalid: the report has no such cell, or no row makes it up. Denied: as the report.
    Source: QĐ-3582 III.2b¶4.
    """
    definition = definition_named("b02")
    query, subject = (
        Query.from_json(parameters.question(definition)),
        load_catalog().subject(definition.subject),
    )
    *members, measure = key.split(KEY_SIGN)
    known = measure in query.values and len(members) == len(query.rows)
    if not known or not all(one.isprintable() and len(one) <= 200 for one in members):
        raise Invalid(GONE)
    asked = question_about(query, [one or None for one in members], measure, subject)
    answer = gate.ask(
        asked, by=by, purpose="report:b02, nguồn gốc", today=today, permission=PERMISSION, origin=origin
    )
    if not answer.rows:
        raise Invalid(GONE)
    shown = subject.value(measure)
    labels = gate.filter_labels(asked, by=by, today=today)
    places = [labels.get((field, one), one) for field, one in zip(query.rows, members, strict=True) if one]
    return CellOrigin(
        shown.label, shown.description, " · ".join(places) or parameters.unit_name, parameters.period,
        answer.release, answer.state, lineage_of(answer, by=by, today=today, permission=PERMISSION),
    )  # fmt: skip
