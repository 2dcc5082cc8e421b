"""What a check of a source row is, read from the contract's `quality`. Codes appear in letters: they never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["hold", "flag"]
State = Literal["active", "shadow"]
DIMENSIONS = frozenset(  # of data quality, as the Open Data Contract Standard names them
    ("accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness")
)
_FIELDS = frozenset(
    ("defect", "state", "owner", "article", "validFrom", "validUntil", "needs", "notAccepted", "lacks")
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one source table.

    `sql` is true for a good row, over the columns of the standardise file's `t`; NULL counts as failed.
    `hold` keeps the row in quarantine; `flag` lets it through with its code in `flags`. In the state `shadow`
    it does neither: the rows it would stop are counted, so that a new rule is seen at work before it works.
    It is asked of rows of the months valid_from <= month < valid_until. While a table of `needs` is empty it is
    not asked at all: a code list that did not arrive stops the rule, not the rows.
    `not_accepted` says why nobody can accept a row that fails it (it has no person, no unit, no month to stand in);
    empty: a row may be accepted with a reason.
    `lacks` is `reference` when a row fails because what it refers to has not come: it is whole by itself, the data
    around it are not.
    """

    code: str
    severity: Severity
    sql: str
    message: str  # Vietnamese, to the owner of the data
    defect: str  # the class of sources.md §11 it finds
    dimension: str = "conformity"
    state: State = "active"
    owner: str = ""  # unit that answers for the rule; empty: the owner of the source
    article: str = ""
    valid_from: str = ""  # 'YYYY-MM'
    valid_until: str = ""
    needs: tuple[str, ...] = ()
    not_accepted: str = ""  # Vietnamese, to the person who decides
    lacks: Literal["", "reference"] = ""

    @property
    def holds(self) -> bool:
        return self.state == "active" and self.severity == "hold"

    @property
    def flags(self) -> bool:
        return self.state == "active" and self.severity == "flag"

    @property
    def is_shadow(self) -> bool:
        return self.state == "shadow"


def read_check(item: Mapping[str, Any]) -> Check:
    """Return the check written as one `quality` entry of a contract.

    Raises:
        ValueError: a word is missing or not known, naming the check.
    """
    custom = {entry["property"]: entry["value"] for entry in item.get("customProperties", ())}
    code = item["id"]
    wrong = set(custom) - _FIELDS
    if wrong or item.get("dimension") not in DIMENSIONS or item["severity"] not in ("hold", "flag"):
        raise ValueError(f"{code}: {', '.join(sorted(wrong)) or 'dimension or severity'} is not known")
    if custom.get("state", "active") not in ("active", "shadow"):
        raise ValueError(f"{code}: state is active or shadow")
    if custom.get("lacks", "") not in ("", "reference"):
        raise ValueError(f"{code}: lacks is reference")
    return Check(
        code=code,
        severity=item["severity"],
        sql=item["implementation"],
        message=item["description"],
        defect=custom["defect"],
        dimension=item["dimension"],
        state=custom.get("state", "active"),
        owner=custom.get("owner", ""),
        article=custom.get("article", ""),
        valid_from=custom.get("validFrom", ""),
        valid_until=custom.get("validUntil", ""),
        needs=tuple(custom.get("needs", ())),
        not_accepted=custom.get("notAccepted", ""),
        lacks=custom.get("lacks", ""),
    )


def misfit_check(table: str, misfits: str) -> Check:
    """Return the check every table in quarantine mode has: it holds the rows some value of which is not of its type."""
    return Check(
        code=f"KIEU-{table}",
        severity="hold",
        sql=f"t.id NOT IN (SELECT id FROM landed.{table} WHERE {misfits} IS NOT NULL)",  # noqa: S608 -- of a contract
        message="Dòng có giá trị không đúng kiểu hợp đồng dữ liệu ghi, từ khi nguồn đổi kiểu cột.",
        defect="",
        not_accepted="Không biết giá trị đúng: nguồn sửa dòng này, hoặc hợp đồng dữ liệu đổi theo nguồn.",
    )
