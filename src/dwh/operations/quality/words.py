"""What criteria, checks and places are called on the screen, and how a share is written."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from dwh.datapath.quality.criteria import REJECTED, Criterion
from dwh.datapath.quality.scorecard import UNKNOWN, Share
from dwh.datapath.standardise.checks import check_named
from dwh.governance.protection.effects import contract_of
from dwh.governance.scorecard import UNKNOWN_UNIT, Asked
from dwh.kernel import vi
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.services import name_of

LABELS = {
    Criterion.ACCURACY: "Chính xác",
    Criterion.COMPLETENESS: "Đầy đủ",
    Criterion.TIMELINESS: "Kịp thời",
}
PLACE_LABELS = {  # of a row objected to: what it is called, its icon, its colour
    "held": ("Đang giữ, chưa vào số liệu", "hourglass", "warn"),
    "rejected": ("Đã loại theo quyết định", "x-circle", "err"),
    "accepted": ("Đã nhận vào số liệu theo quyết định", "check-circle", "ok"),
    "flagged": ("Cảnh báo, đã vào số liệu", "flag", "off"),
}
UNKNOWN_NAME = "Chưa rõ cơ sở"
_CENT = Decimal("0.01")


def percent_of(share: Share) -> Decimal | None:
    """Return the rows no check objects to, in per cent, rounded down: 100 only when there is no objection at all.

    None when the criterion asks nothing of the rows there are.
    """
    if not share.asked:
        return None
    exact = Decimal(100) * (share.asked - share.failed) / share.asked
    return exact.quantize(_CENT, rounding=ROUND_FLOOR)


def check_label(code: str) -> str:
    """Return what a check says; its code when the contracts do not know it any more."""
    if code == REJECTED:
        return "Bị loại theo quyết định, không kiểm tra nào nêu"
    try:
        return check_named(code).message
    except KeyError:
        return "Kiểm tra không còn trong hợp đồng dữ liệu"


def table_label(table: str) -> str:
    """Return what people call a source table."""
    try:
        return contract_of(table)[1].label
    except KeyError:
        return table


def unit_names(codes: set[str]) -> dict[str, str]:
    """Return unit → its name."""
    names = dict(OrgUnit.objects.filter(pk__in=codes).values_list("code", "name"))
    return {code: names.get(code, code) if code != UNKNOWN else UNKNOWN_NAME for code in codes}


def unit_name(org: str, *, direct: bool = False) -> str:
    """Return what people call the unit, or its own rows without those of the units below it."""
    return UNKNOWN_NAME if org == UNKNOWN_UNIT else f"{name_of(org)}{' (trực tiếp)' if direct else ''}"


def period_words(asked: Asked) -> str:
    """Return the span of months, and whether rows without a month count."""
    months = (
        f"tháng {vi.month_vi(asked.since)}"
        if asked.since == asked.until
        else f"tháng {vi.month_vi(asked.since)} đến {vi.month_vi(asked.until)}"
    )
    return f"{months}{' và dòng không có kỳ' if asked.undated else ''}"
