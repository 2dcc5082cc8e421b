"""How large what is held is beside what was published: asked of the gate like any figure, within one's rights."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.desk import DeskPage
from dwh.kernel.actor import Origin
from dwh.kernel.errors import DwhError
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import NATION


def published_total(found: DeskPage, *, by: Account, today: date, origin: Origin) -> Decimal | None:
    """Return what was published of the measure the đồng of the chosen check belong to, for the same months and unit.

    None when there is no such measure, or it may not be asked.
    """
    lacking = next((one for one in found.lacking if one.main), None)
    months, org = found.months, found.asked.choice.org
    if lacking is None or not lacking.main or not months:
        return None
    subject = load_catalog().subject(lacking.subject)
    period = next(d.name for d in subject.dimensions.values() if d.kind == "period")
    filters = [{"field": f"{period}.month", "op": "in", "values": list(months)}]
    tier = (
        OrgUnit.objects.filter(pk=org).values_list("tier", flat=True).first()
        if org and org != NATION
        else None
    )
    if tier in ("province", "office"):
        filters.append({"field": f"org.{tier}", "op": "in", "values": [org or ""]})
    document = {
        "subject": lacking.subject, "rows": ["org.nation"], "values": [lacking.main], "filters": filters,
        "org_basis": "as_is",
    }  # fmt: skip
    try:
        answer = gate.ask(
            Query.from_json(document),
            by=by,
            today=today,
            origin=origin,
            purpose="tỷ lệ dữ liệu lỗi trên số đã công bố",
        )
    except DwhError:
        return None  # the subject was not given to this person, or has no such month yet
    values = [row.values[0] for row in answer.rows if row.values and row.values[0] is not None]
    return Decimal(str(values[0])) if values else None
