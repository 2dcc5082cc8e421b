"""What a person entered for a run, checked and complete; the question it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dwh.delivery.reports.definition import Definition
from dwh.kernel.org.scope import NATION

REFORM_MONTH: Final = "2025-07"  # 34 provinces from 01/07/2025
ALL, ALL_VISITS = "-1", "0"  # how the sector's forms write «tất cả»


@dataclass(frozen=True, slots=True)
class Parameters:
    """One run's parameters; `unit` is an org_code, the codes are those of the subject or «all»."""

    unit: str
    unit_name: str
    year: int
    first: int
    last: int
    visit_type: str = ALL_VISITS
    hospital_class: str = ALL
    level: str = ALL

    @property
    def is_national(self) -> bool:
        return self.unit == NATION

    @property
    def first_month(self) -> str:
        return f"{self.year}-{self.first:02d}"

    @property
    def last_month(self) -> str:
        return f"{self.year}-{self.last:02d}"

    @property
    def org_basis(self) -> str:
        """Return the tree of units: that of the days if the period ended before the reform, else today's.

        A province's own page is always on today's tree, the one its rights are given on.
        """
        return "as_was" if self.is_national and self.last_month < REFORM_MONTH else "as_is"

    @property
    def unit_code(self) -> str:
        """Return the code the form prints: `00`, `01`, `48`, or the office's five digits."""
        parts = self.unit.split(".")
        return NATION if len(parts) == 1 else parts[1][:2] + "".join(parts[2:])

    @property
    def period(self) -> str:
        if self.first == self.last:
            return f"Tháng {self.last}/{self.year}"
        return f"Tháng {self.first} đến tháng {self.last} năm {self.year}"

    def printed(self, definition: Definition) -> tuple[tuple[str, str], ...]:
        """Return the parameter names and values as the real exports print them, in their order."""
        values = {
            "ma_tinh": self.unit_code,
            "ma_loai_kcb": self.visit_type,
            "tu_thang": str(self.first),
            "den_thang": str(self.last),
            "nam": str(self.year),
            "hang_bv": self.hospital_class,
            "tuyen": self.level,
        }
        return tuple((name, values.get(name, ALL)) for name in definition.parameters)

    def question(self, definition: Definition) -> dict[str, Any]:
        """Return the Query document: provinces (or facilities) within their region, with totals."""
        rows = ["org.region", "org.province" if self.is_national else "facility.facility"]
        return {
            "subject": definition.subject,
            "rows": rows,
            "columns": [],
            "values": [column.value for column in definition.figures],
            "filters": self._filters(),
            "org_basis": self.org_basis,
            "totals": True,
        }

    def _filters(self) -> list[dict[str, Any]]:
        months = {"field": "month.month", "op": "between", "values": [self.first_month, self.last_month]}
        chosen = [
            ("visit_type.type", self.visit_type, ALL_VISITS),
            ("facility.class", self.hospital_class, ALL),
            ("facility.level", self.level, ALL),
        ]
        level = "org.province" if self.unit.count(".") == 1 else "org.office"
        here = [] if self.is_national else [{"field": level, "op": "in", "values": [self.unit]}]
        some = [
            {"field": f, "op": "in", "values": [value]}
            for f, value, everything in chosen
            if value != everything
        ]
        return [months, *here, *some]
