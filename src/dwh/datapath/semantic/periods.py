"""The only place that reads periods: 'YYYY', 'YYYY-Qn', 'YYYY-MM' as half-closed runs of months."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple

from dwh.datapath.semantic.words import AS_IS, AS_OF, AS_WAS
from dwh.kernel.errors import Invalid
from dwh.kernel.vi import date_vi, month_vi, quarter_vi

_PERIOD: Final = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class Months(NamedTuple):
    """The months `first` to `last`, both 'YYYY-MM', both included."""

    first: str
    last: str


def parse_period(text: str, *, latest_month: str | None = None) -> Months:
    """Return the months of a period.

    Raises:
        Invalid: not a period, or it begins after `latest_month`, the last month that has data.
    """
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise Invalid(
            f"Kỳ «{text}» không đúng dạng. Hãy ghi năm (2025), quý (2025-Q3) hoặc tháng (2025-09)"
            f"{_last_available(latest_month)}.",
            period=text,
        )
    months = _months_of(match)
    if latest_month is not None and months.first > latest_month:
        raise Invalid(
            f"Kỳ «{text}» ở tương lai, chưa có số liệu. Hãy chọn kỳ khác{_last_available(latest_month)}.",
            period=text,
            latest_month=latest_month,
        )
    return months


def _months_of(match: re.Match[str]) -> Months:
    year, quarter, month = match.group("year", "quarter", "month")
    if month:
        return Months(f"{year}-{month}", f"{year}-{month}")
    if quarter:
        return Months(f"{year}-{int(quarter) * 3 - 2:02d}", f"{year}-{int(quarter) * 3:02d}")
    return Months(f"{year}-01", f"{year}-12")


def _last_available(latest_month: str | None) -> str:
    return f"; tháng gần nhất có số liệu là {latest_month}" if latest_month else ""


def period_label(key: str) -> str:
    """Return «Năm 2025», «Quý III/2025» or «9/2025» for a period key."""
    if "-Q" in key:
        return quarter_vi(key)
    return month_vi(key) if "-" in key else f"Năm {key}"


def basis_vi(org_basis: str) -> str:
    """Return on which tree the units of a figure stand: «theo hiện nay», «tại ngày 31/12/2024»."""
    if org_basis.startswith(AS_OF):
        return f"tại ngày {date_vi(date.fromisoformat(org_basis.removeprefix(AS_OF)))}"
    return {AS_WAS: "theo ngày số liệu", AS_IS: "theo hiện nay"}[org_basis]
