"""Benefits in the hand-made release: pensions, survivors, an unemployed person, turns, a lump sum.

Person 13 has a pension, 8 a survivor's benefit and a pension (one head), 11 moved from old Quảng Nam to Hà Nội in
June and was paid twice in July, 5 is unemployed. `PAYMENTS` are the rows themselves: a test recomputes from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DDL = """
CREATE TABLE core.dim_benefit (benefit_code VARCHAR, benefit_name VARCHAR, group_code VARCHAR, group_name VARCHAR,
  frequency_code VARCHAR, frequency_name VARCHAR);
CREATE TABLE core.dim_fund_source (fund_source_code VARCHAR, fund_source_name VARCHAR, payer_code VARCHAR,
  payer_name VARCHAR);
CREATE TABLE core.fct_benefit_decision (decision_key BIGINT, decision_month VARCHAR, org_code VARCHAR,
  benefit_code VARCHAR, group_code VARCHAR, fund_source_code VARCHAR, beneficiary_key BIGINT, beneficiary_code VARCHAR,
  contributed_months INTEGER, retired_at_months INTEGER, level_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_benefit_turn (turn_key BIGINT, approved_month VARCHAR, org_code VARCHAR, benefit_code VARCHAR,
  fund_source_code VARCHAR, turn_kind_code VARCHAR, employer_key BIGINT, beneficiary_key BIGINT,
  beneficiary_code VARCHAR, paid_days INTEGER, approved_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_lump_sum (lump_sum_key BIGINT, decision_month VARCHAR, org_code VARCHAR, benefit_code VARCHAR,
  fund_source_code VARCHAR, reason_code VARCHAR, beneficiary_key BIGINT, beneficiary_code VARCHAR,
  contributed_years INTEGER, decided_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_ui_award (award_key BIGINT, start_month VARCHAR, org_code VARCHAR, benefit_code VARCHAR,
  fund_source_code VARCHAR, training_code VARCHAR, beneficiary_key BIGINT, beneficiary_code VARCHAR,
  granted_months INTEGER, level_vnd BIGINT, training_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_benefit_payment (payment_key BIGINT, pay_month VARCHAR, org_code VARCHAR, benefit_code VARCHAR,
  group_code VARCHAR, frequency_code VARCHAR, fund_source_code VARCHAR, item_code VARCHAR, method_code VARCHAR,
  status_code VARCHAR, beneficiary_key BIGINT, beneficiary_code VARCHAR, amount_vnd BIGINT, last_batch_id VARCHAR);
"""

_MONTHS = ("2025-05", "2025-06", "2025-07", "2025-08")
_BENEFITS = [
    ("02", "Hưu viên chức, hưu trí", "pension", "Hưu trí", "monthly", "Hằng tháng"),
    ("09", "Tuất định suất cơ bản", "survivor", "Tử tuất", "monthly", "Hằng tháng"),
    ("21", "BHXH một lần", "lump_sum", "BHXH một lần", "once", "Một lần"),
    ("31", "Ốm đau", "sickness", "Ốm đau", "short_term", "Ngắn hạn"),
    ("32", "Thai sản", "maternity", "Thai sản", "short_term", "Ngắn hạn"),
    ("41", "Trợ cấp thất nghiệp", "unemployment", "Bảo hiểm thất nghiệp", "monthly", "Hằng tháng"),
]
_GROUP = {code: (group, frequency) for code, _, group, _, frequency, _ in _BENEFITS}
_SOURCES = [
    ("NSNN", "Ngân sách nhà nước (hưởng trước năm 1995)", "budget", "Ngân sách nhà nước"),
    ("HTTT", "Quỹ hưu trí, tử tuất", "si", "Quỹ BHXH bắt buộc"),
    ("ODTS", "Quỹ ốm đau, thai sản", "si", "Quỹ BHXH bắt buộc"),
    ("BHTN", "Quỹ bảo hiểm thất nghiệp", "ui", "Quỹ bảo hiểm thất nghiệp"),
]
# person, office before and since the reform, benefit, source, đồng a month, way
_ROLL = [
    (13, "00.49.502", "00.48-2025.503", "02", "HTTT", 4_200_000, "account"),
    (8, "00.48.490", "00.48-2025.501", "02", "NSNN", 6_000_001, "cash"),
    (8, "00.48.490", "00.48-2025.501", "09", "HTTT", 1_170_000, "cash"),
    (5, "00.01.006", "00.01.502", "41", "BHTN", 3_186_000, "account"),
]


def _code(key: int) -> str:
    return f"{'01' if key < 7 else '48' if key < 11 else '49'}{key:08d}"


def _payments() -> list[tuple[Any, ...]]:
    """Every payment: the rolls month by month, the one paid in two places, and what is paid once."""
    paid = [*_rolls(), *_once()]
    return [
        (
            at,
            month,
            org,
            what[0],
            *_GROUP[what[0]],
            *what[1:],
            way,
            status,
            key,
            _code(key),
            amount,
            "benefits.1",
        )
        for at, (month, org, key, what, amount, way, status) in enumerate(paid, start=1)
    ]


def _rolls() -> Iterator[tuple[Any, ...]]:
    pension = ("02", "HTTT", "regular")
    for month in _MONTHS:
        for key, before, since, benefit, source, amount, way in _ROLL:
            if key == 5 and month < "2025-08":  # lost his job in July
                continue
            status = "waiting" if (key, benefit, month) == (8, "02", "2025-08") else "received"
            org = before if month < "2025-07" else since
            yield month, org, key, (benefit, source, "regular"), amount, way, status
        if month < "2025-08":
            org = "00.49.502" if month < "2025-07" else "00.48-2025.503"
            yield month, org, 11, pension, 5_000_000, "account", "received"
        if month >= "2025-07":
            yield month, "00.01.501", 11, pension, 5_000_000, "account", "received"


def _once() -> Iterator[tuple[Any, ...]]:
    for month, org, key, what, amount in (
        ("2025-08", "00.48-2025.503", 11, ("02", "HTTT", "recovery"), -5_000_000),
        ("2025-06", "00.01.001", 2, ("32", "ODTS", "short_term"), 36_680_000),
        ("2025-07", "00.01.502", 4, ("31", "ODTS", "short_term"), 750_000),
        ("2025-07", "00.01.501", 3, ("21", "HTTT", "once"), 40_000_000),
    ):
        yield month, org, key, what, amount, "account", "received"


PAYMENTS = _payments()
DECISIONS = [
    (1, "2025-05", "00.49.502", "02", "pension", "HTTT", 13, _code(13), 246, 732, 4_200_000, "benefits.1"),
    (2, "2025-07", "00.01.501", "02", "pension", "HTTT", 11, _code(11), 305, 729, 5_000_000, "benefits.1"),
    (3, "2025-07", "00.48-2025.501", "09", "survivor", "HTTT", 8, _code(8), 0, 0, 1_170_000, "benefits.1"),
]
TURNS = [
    (1, "2025-06", "00.01.001", "32", "ODTS", "birth", 10, 2, _code(2), 180, 36_680_000, "benefits.1"),
    (2, "2025-07", "00.01.502", "31", "ODTS", "sick", 11, 4, _code(4), 2, 750_000, "benefits.1"),
    (3, "2025-07", "00.01.502", "31", "ODTS", "child_sick", 11, 4, _code(4), 1, 375_000, "benefits.1"),
]
LUMP_SUMS = [(1, "2025-07", "00.01.501", "21", "HTTT", "left_work", 3, _code(3), 4, 40_000_000, "benefits.1")]
AWARDS = [
    (1, "2025-08", "00.01.502", "41", "BHTN", "yes", 5, _code(5), 3, 3_186_000, 4_500_000, "benefits.1")
]
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "core.dim_benefit": _BENEFITS,
    "core.dim_fund_source": _SOURCES,
    "core.fct_benefit_payment": PAYMENTS,
    "core.fct_benefit_decision": DECISIONS,
    "core.fct_benefit_turn": TURNS,
    "core.fct_lump_sum": LUMP_SUMS,
    "core.fct_ui_award": AWARDS,
}
