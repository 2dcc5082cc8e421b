"""What a person wants decided: which rows, seen in which release; and what that would mean, before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from dwh.datapath.desk.reading import RowKey, failed_count, failed_keys
from dwh.datapath.desk.relation import Failed
from dwh.datapath.standardise.checks import check_named
from dwh.datapath.warehouse.release import Release, current_release
from dwh.governance.access.models import Account
from dwh.governance.decisions import rules
from dwh.governance.decisions.models import Decision
from dwh.governance.decisions.pending import pending_for
from dwh.governance.decisions.rules import Verdict
from dwh.governance.protection.effects import Lacking, figures_lacking
from dwh.governance.protection.quarantine import area_of, must_have_desk, must_have_unit, unit_roots
from dwh.kernel.errors import Conflict, Invalid, NotFound, TooManyRows
from dwh.kernel.org.services import current_codes


@dataclass(frozen=True, slots=True)
class Choice:
    """Which failed rows: `rows` chosen one by one as (table, id), or, without any, all that the filter shows."""

    check: str | None = None
    source: str | None = None
    org: str | None = None
    states: tuple[str, ...] = ()
    seen_from: datetime | None = None
    seen_until: datetime | None = None
    search: str = ""
    rows: tuple[tuple[str, int], ...] = ()

    def asked(self) -> dict[str, object]:
        """Return the choice as the log keeps it."""
        named = {"check": self.check, "source": self.source, "org": self.org, "states": list(self.states)}
        ages = {"from": self.seen_from, "until": self.seen_until}
        found = {**named, **{k: v.isoformat() for k, v in ages.items() if v}, "search": self.search}
        return {**{k: v for k, v in found.items() if v}, "chosen": len(self.rows)}


@dataclass(frozen=True, slots=True)
class Order:
    """A verdict about a choice of rows. The person saw `expected` rows of the release `release`."""

    verdict: Verdict
    choice: Choice
    reason: str = ""
    release: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would do. Units: vnd in đồng, `weight` is the sum of the amounts without their signs.

    `other_reasons`: rows that stay held although they are accepted, for a reason the order does not name.
    `locked`: rows of locked months, where the decision waits. `refused`: why the order cannot be carried out.
    """

    order: Order
    release: str
    keys: tuple[RowKey, ...] = field(repr=False)
    vnd: Decimal
    weight: Decimal
    org_code: str
    by_unit: tuple[tuple[str, int], ...]
    months: tuple[str, ...]
    locked: int
    other_reasons: int
    lacking: tuple[Lacking, ...]
    needs_approver: bool
    refused: str = ""

    @property
    def rows(self) -> int:
        return len(self.keys)

    @property
    def lines(self) -> list[tuple[RowKey, str]]:
        """Return one line per row and check the order is about."""
        return [(key, code) for key in self.keys for code in key.codes]


def preview(order: Order, *, by: Account, today: date) -> Preview:
    """Return what `order` would do in the release in use, within the area where `by` may decide.

    Raises:
        Denied: no right to decide, or not about this source.
        NotFound: a chosen row is not in the area, or there is none. Conflict: it has a decision that waits.
        TooManyRows: more than one decision may be about.
    """
    source, scope = area_of(by, today, order.choice.source, "quarantine:decide")
    must_have_unit(order.choice.org, scope)
    release = current_release(settings.DATAPATH)
    must_have_desk(release)
    wanted = Failed(
        unit_roots(order.choice.org, scope), pending_for(release), check=order.choice.check, source=source,
        states=_states(order), rows=order.choice.rows, seen_from=order.choice.seen_from,
        seen_until=order.choice.seen_until, search=order.choice.search,
    )  # fmt: skip
    keys = _keys(release, wanted)
    _must_be_all(release, wanted, order.choice.rows, keys)
    return _worked_out(order, release, keys, by=by, today=today, wanted=wanted)


def _states(order: Order) -> tuple[str, ...]:
    """Return the states of rows the order is about: those chosen, else those nobody has let in or thrown out."""
    chosen = rules.DECIDABLE if order.choice.rows else (order.choice.states or ("waiting", "fix"))
    same = {Verdict.FIX: {"fix"}, Verdict.REJECT: {"rejected"}, Verdict.ACCEPT: {"accepted"}}[order.verdict]
    return tuple(state for state in chosen if state in rules.DECIDABLE and state not in same) or ("none",)


def _keys(release: Release, wanted: Failed) -> tuple[RowKey, ...]:
    try:
        return tuple(failed_keys(release, wanted, limit=rules.MOST_ROWS))
    except TooManyRows:
        raise TooManyRows(
            f"Một quyết định nhận tối đa {rules.MOST_ROWS:,} dòng.".replace(",", ".")
            + " Lọc theo đơn vị, nguồn hoặc tuổi rồi quyết định từng phần; lỗi hàng loạt nên sửa ở nguồn.",
            limit=rules.MOST_ROWS,
        ) from None


def _must_be_all(
    release: Release, wanted: Failed, rows: Sequence[tuple[str, int]], keys: Sequence[RowKey]
) -> None:
    if not keys and not rows:
        raise NotFound("Không còn dòng nào để quyết định theo bộ lọc này. Quay lại danh sách và lọc lại.")
    if len(keys) == len(set(rows)) or not rows:
        return
    seen, _ = failed_count(release, replace(wanted, states=_EVERYWHERE))
    if seen < len(set(rows)):
        raise NotFound(
            "Có dòng đã chọn không còn trong danh sách lỗi hoặc ngoài địa bàn của ông/bà. "
            "Tải lại danh sách rồi chọn lại."
        )
    raise Conflict(
        f"{seen - len(keys)} dòng đã chọn có quyết định đang chờ, hoặc đã ở đúng tình trạng này. "
        "Bỏ chọn các dòng đó, hoặc hoàn tác quyết định cũ trước."
    )


_EVERYWHERE = (
    "waiting", "fix", "proposed", "accepting", "locked", "accepted", "rejecting", "rejected",
)  # fmt: skip


def _worked_out(
    order: Order, release: Release, keys: tuple[RowKey, ...], *, by: Account, today: date, wanted: Failed
) -> Preview:
    weight = sum((abs(key.amount_vnd) for key in keys), Decimal(0))
    current = current_codes({key.org_code for key in keys if key.org_code})
    units = [current[key.org_code] if key.org_code else None for key in keys]
    months = Counter(key.month for key in keys if key.month)
    alone = Decimal(0)
    if order.verdict == Verdict.ACCEPT:
        alone = Decimal(Decision.objects.accepted_alone_on(by, today))
    return Preview(
        order=order, release=release.id, keys=keys, vnd=sum((key.amount_vnd for key in keys), Decimal(0)),
        weight=weight, org_code=rules.common_unit(units),
        by_unit=tuple(Counter(unit or "" for unit in units).most_common()), months=tuple(sorted(months)),
        locked=sum(months[month] for month in release.manifest.get("locked", ()) if month in months),
        other_reasons=_with_other_reasons(release, wanted, order),
        lacking=tuple(
            dict.fromkeys(o for t in sorted({k.source_table for k in keys}) for o in figures_lacking(release, t))
        ),
        needs_approver=rules.needs_approver(order.verdict, weight, alone), refused=_refused(order, keys),
    )  # fmt: skip


def _with_other_reasons(release: Release, wanted: Failed, order: Order) -> int:
    """Count the rows an acceptance of one check leaves held: nobody decided about their other reasons."""
    if order.verdict != Verdict.ACCEPT or wanted.check is None:
        return 0
    return failed_count(release, replace(wanted, only_with_other_reasons=True))[0]


def _refused(order: Order, keys: Sequence[RowKey]) -> str:
    """Say why rows that fail these checks cannot be accepted; empty when they can."""
    if order.verdict != Verdict.ACCEPT:
        return ""
    counted = Counter(code for key in keys for code in key.codes)
    never = [(code, rows, check_named(code).not_accepted) for code, rows in sorted(counted.items())]
    said = [f"{code} ({rows} dòng): {why}" for code, rows, why in never if why]
    return f"Không nhận được vào số liệu: {'; '.join(said)}. Đề nghị đơn vị sửa ở nguồn." if said else ""


def must_be_as_seen(order: Order, found: Preview) -> None:
    """Raises: Conflict when the figures or the rows changed since the person looked; Invalid without a reason."""
    if not rules.is_reason(order.reason):
        raise Invalid(
            f"Chưa ghi lý do. Ghi ít nhất {rules.REASON_CHARS} ký tự, nêu căn cứ hoặc số văn bản.",
            field="ly_do",
        )
    if order.release != found.release or order.expected != found.rows:
        raise Conflict(
            f"Danh sách đã đổi từ khi xem trước: nay là {found.rows} dòng của bản {found.release}. "
            "Chưa có gì được ghi; xem trước lại rồi quyết định."
        )
