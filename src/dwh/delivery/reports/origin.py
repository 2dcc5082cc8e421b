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
from dwh.governance.explaining import CellOf, Explained, explain_cell
from dwh.kernel.actor import Origin
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QD_3582, cites

GONE = "Ô cần xem nguồn gốc không có trong báo cáo này. Mở lại báo cáo rồi bấm vào ô."


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """Where the cell stands in the report, and everything it says of itself."""

    place: str
    period: str
    found: Explained


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
    keys = tuple(one or None for one in members)
    asked = question_about(query, keys, measure, subject)
    labels = gate.filter_labels(asked, by=by, today=today)
    places = [labels.get((field, one), one) for field, one in zip(query.rows, members, strict=True) if one]
    place = " · ".join(places) or parameters.unit_name
    found = explain_cell(
        CellOf(query, keys, measure, place), by=by, today=today, origin=origin, permission=PERMISSION,
        purpose="report:b02, nguồn gốc",
    )  # fmt: skip
    return CellOrigin(place, parameters.period, found)
