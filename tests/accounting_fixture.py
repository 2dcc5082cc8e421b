# ruff: noqa: E501  (tables of rows read better whole)
"""Accounting rows of the hand-made release: two entries a month at every office, balances, a budget. All invented."""

from __future__ import annotations

from typing import Any

DDL = """
CREATE TABLE core.dim_account (account_key BIGINT, account_code VARCHAR, account_name VARCHAR, chart_name VARCHAR,
  group_code VARCHAR, group_name VARCHAR, kind_code VARCHAR, kind_name VARCHAR);
CREATE TABLE core.dim_ledger_fund (fund_code VARCHAR, fund_name VARCHAR);
CREATE TABLE core.dim_ledger_activity (activity_code VARCHAR, activity_name VARCHAR, kind_code VARCHAR, kind_name VARCHAR);
CREATE TABLE core.dim_budget_item (item_code VARCHAR, item_name VARCHAR, kind_code VARCHAR, kind_name VARCHAR);
CREATE TABLE core.fct_ledger_entry (entry_key BIGINT, side VARCHAR, accounting_month VARCHAR, org_code VARCHAR,
  account_key BIGINT, fund_code VARCHAR, activity_code VARCHAR, chapter_code VARCHAR, subitem_code VARCHAR,
  document_kind VARCHAR, document_no VARCHAR, debit_vnd BIGINT, credit_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_account_balance (balance_key BIGINT, month VARCHAR, org_code VARCHAR, account_key BIGINT,
  fund_code VARCHAR, opening_debit_vnd BIGINT, opening_credit_vnd BIGINT, closing_debit_vnd BIGINT,
  closing_credit_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_budget (decision_key BIGINT, month VARCHAR, org_code VARCHAR, item_code VARCHAR, item_kind VARCHAR,
  assigned_vnd BIGINT, supplement_vnd BIGINT, adjustment_vnd BIGINT, budget_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_budget_execution (accounting_month VARCHAR, org_code VARCHAR, item_code VARCHAR, item_kind VARCHAR,
  fund_code VARCHAR, executed_vnd BIGINT);
CREATE TABLE core.fct_collection_match (due_month VARCHAR, org_code VARCHAR, component_code VARCHAR, fund_code VARCHAR,
  collected_vnd BIGINT, booked_vnd BIGINT);
CREATE TABLE core.fct_funding (decision_key BIGINT, month VARCHAR, org_code VARCHAR, fund_code VARCHAR, funded_vnd BIGINT,
  last_batch_id VARCHAR);
CREATE TABLE core.fct_settlement (cell_key BIGINT, month VARCHAR, org_code VARCHAR, form_code VARCHAR, line_code VARCHAR,
  flow_code VARCHAR, fund_code VARCHAR, status_code VARCHAR, value_vnd BIGINT, last_batch_id VARCHAR);
"""
BATCH = "accounting.1"
MONTHS = ("2025-05", "2025-06", "2025-07", "2025-08")
OFFICES = {
    m: ("00.01.001", "00.48.492") if m < "2025-07" else ("00.01.501", "00.48-2025.502") for m in MONTHS
}
PROVINCES = {m: ("00.01", "00.48") if m < "2025-07" else ("00.01", "00.48-2025") for m in MONTHS}
BANK, INCOME, COSTS = 1, 2, 3


def _sides() -> list[tuple[Any, ...]]:
    """Return an income of 1000, 1100, … and a cost of 300 per office and month, two sides each."""
    rows: list[tuple[Any, ...]] = []
    for m, month in enumerate(MONTHS):
        for o, office in enumerate(OFFICES[month]):
            key, income = 100 * m + 10 * o, 1_000 + 100 * m + 10 * o
            got = (month, office), ("HTTT", "H101", "none", "none", "ghi sổ", f"{month}.{o}.1")
            paid = (month, office), ("QLBM", "H301", "901", "9021", "ủy nhiệm chi", f"{month}.{o}.2")
            for n, (where, what), debit, credit, amount in (
                (1, got, BANK, INCOME, income),
                (2, paid, COSTS, BANK, 300),
            ):
                rows.append((key + n, "debit", *where, debit, *what, amount, 0, BATCH))
                rows.append((key + n, "credit", *where, credit, *what, 0, amount, BATCH))
    return rows


SIDES = _sides()
BALANCES = [  # of the bank account: what a province has at the beginning and the end of each month
    (1_000 + 10 * m + p, month, unit, BANK, fund, 700 * m + p, 0, 700 * (m + 1) + p, 0, BATCH)
    for m, month in enumerate(MONTHS)
    for p, unit in enumerate(PROVINCES[month])
    for fund in (("HTTT", "BHYT")[p],)
]
BUDGET = [
    (1, "2025-05", "00.01", "THU-BHXH", "revenue", 9_000_000, 0, 0, 9_000_000, BATCH),
    (2, "2025-05", "00.48", "CHI-QLBM", "expenditure", 4_000_000, 0, 0, 4_000_000, BATCH),
    (3, "2025-06", "00.48", "CHI-QLBM", "expenditure", 0, 0, -2_000_000, -2_000_000, BATCH),
    (4, "2025-07", "00.48-2025", "CHI-QLBM", "expenditure", 0, 500_000, 2_000_000, 2_500_000, BATCH),
]
EXECUTION = [
    (month, office, item, kind, fund, amount)
    for month in MONTHS
    for office in OFFICES[month]
    for item, kind, fund, amount in (
        ("THU-BHXH", "revenue", "HTTT", 1_000_000),
        ("CHI-QLBM", "expenditure", "QLBM", 300_000),
    )
]
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "core.dim_account": [
        (BANK, "1-01", "Tiền gửi chuyên thu", "TT 102/2018", "G11", "Tiền gửi chuyên thu", "asset", "Tài sản"),
        (INCOME, "5-01", "Thu bảo hiểm", "TT 102/2018", "G51", "Thu bảo hiểm", "revenue", "Thu"),
        (COSTS, "6-02", "Chi quản lý bộ máy", "TT 102/2018", "G62", "Chi tổ chức và hoạt động", "expenditure", "Chi"),
    ],
    "core.dim_ledger_fund": [
        ("HTTT", "Quỹ hưu trí, tử tuất"),
        ("BHYT", "Quỹ bảo hiểm y tế"),
        ("QLBM", "Kinh phí quản lý bộ máy"),
    ],
    "core.dim_ledger_activity": [
        ("H101", "Thu từ đơn vị sử dụng lao động", "revenue", "Thu bảo hiểm"),
        ("H301", "Chi hoạt động bộ máy", "running", "Chi quản lý bộ máy"),
    ],
    "core.dim_budget_item": [
        ("THU-BHXH", "Thu BHXH bắt buộc", "revenue", "Dự toán thu"),
        ("CHI-QLBM", "Chi quản lý bộ máy", "expenditure", "Dự toán chi"),
    ],
    "core.fct_ledger_entry": SIDES,
    "core.fct_account_balance": BALANCES,
    "core.fct_budget": BUDGET,
    "core.fct_budget_execution": EXECUTION,
    "core.fct_collection_match": [
        (month, office, "HTTT", "si", 500 + m, 500) for m, month in enumerate(MONTHS) for office in OFFICES[month]
    ],
    "core.fct_funding": [(m, month, "00.01", "QLBM", 400, BATCH) for m, month in enumerate(MONTHS)],
    "core.fct_settlement": [
        (1, "2025-06", "00.01", "B08b-BH", "04", "used", "QLBM", "approved", 600, BATCH),
        (2, "2025-06", "00.48", "B08b-BH", "04", "used", "QLBM", "drawn", 300, BATCH),
    ],
}  # fmt: skip
