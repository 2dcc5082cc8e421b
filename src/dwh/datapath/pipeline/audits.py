"""Runs the audits a model's header names. An audit is a query that must return nothing (warehouse/audits/*.sql)."""

from __future__ import annotations

import re
from functools import cache

from dwh.datapath.pipeline.plan import DATAPATH
from dwh.datapath.pipeline.run import Run
from dwh.datapath.warehouse.model import Model
from dwh.kernel.errors import AuditFailed

AUDITS = DATAPATH / "warehouse/audits"
_CALL = re.compile(r"(\w+)(?:\((.*)\))?")
_TARGET = re.compile(r"([\w.]+)\((\w+)\)")
_WHOLE = ("refers",)  # audits that see every part when the other table was made again: it may have lost a row


def run_audits(run: Run) -> int:
    """Audit every model on the parts made by this build; return how many audits ran.

    Raises: AuditFailed naming the audit, the table and the first offending row.
    """
    done = 0
    run.progress.step("Kiểm toán số liệu", total=len(run.plan.models), unit="bảng")
    for at, model in enumerate(run.plan.models, start=1):
        run.progress.check()
        for call in model.audits:
            done += _audit(run, model, call)
        run.progress.advance(at)
    return done


def audit_sql(model: Model, call: str, relation: str) -> str:
    """Return the query of one audit call on a relation."""
    found = _CALL.fullmatch(call)
    if not found:
        raise ValueError(f"{model.path}: «{call}» is not an audit call")
    name, words = found[1], found[2] or ""
    if words == "grain":
        words = ", ".join(model.grain)
    column, _, rest = words.partition(",")
    sql = (
        template(name)
        .replace(":model", f"({relation})")
        .replace(":columns", words)
        .replace(":column", column)
    )
    target = _TARGET.fullmatch(rest.strip())
    if target:
        return sql.replace(":target_column", target[2]).replace(":target", target[1])
    values = ", ".join(f"'{value.strip()}'" for value in rest.split(",") if value.strip())
    return sql.replace(":values", values)


@cache
def template(name: str) -> str:
    """Return the text of an audit file."""
    return (AUDITS / f"{name}.sql").read_text(encoding="utf-8")


def _audit(run: Run, model: Model, call: str) -> int:
    target = _TARGET.search(call)
    whole = call.startswith(_WHOLE) and (target is None or bool(run.remade[target[1]]))
    if not whole and not run.remade[model.table]:
        return 0
    relation = run.reading(model.table, None if whole else run.remade[model.table])
    bad = run.engine.rows(f"SELECT * FROM ({audit_sql(model, call, relation)}\n) LIMIT 1")
    if bad:
        raise AuditFailed(
            f"Kiểm toán «{call}» của bảng {model.table} không đạt."
            " Không công bố; bản đang công bố giữ nguyên. Hãy báo nhóm kỹ thuật.",
            audit=call,
            table=model.table,
            first=str(bad[0]),
        )
    return 1
