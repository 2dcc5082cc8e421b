# ruff: noqa: E501  (tables of rows read better whole)
"""A small published release made of hand-written star rows, for tests that ask questions and build nothing.

Shape: Hà Nội (unchanged by the reform), old Đà Nẵng and old Quảng Nam (until 2025-07-01), new Đà Nẵng;
months 2025-05 … 2025-08; funds si and hi (ui for two persons); 14 participants; claims in every month.
`LINES`, `STOCK` and `CLAIMS` are the rows themselves: a test recomputes its expectation from them.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, connect
from tests import accounting_fixture, benefits_fixture
from tests.failed_fixture import ACCEPTED, DECISIONS, FAILED_ROW, FLAGGED, HELD, REJECTED, TRIAL, VERSIONS
from tests.further_tables import further_tables, on_every_tree, with_kinds
from tests.units_fixture import SUCCESSOR, org_rows

RELEASE = "2026-11-22.1"
MONTHS = ("2025-05", "2025-06", "2025-07", "2025-08")

DDL = (
    """
CREATE SCHEMA core; CREATE SCHEMA quarantine;
CREATE TABLE core.dim_org (org_code VARCHAR, org_name VARCHAR, tier VARCHAR, region_code VARCHAR, region_name VARCHAR,
  province_org_code VARCHAR, province_code VARCHAR, province_name VARCHAR, office_org_code VARCHAR, office_name VARCHAR,
  valid_from DATE, valid_until DATE, cur_org_code VARCHAR, cur_province_org_code VARCHAR, cur_province_code VARCHAR,
  cur_province_name VARCHAR, cur_office_org_code VARCHAR, cur_office_name VARCHAR, kind_code VARCHAR, kind_name VARCHAR, class_code VARCHAR, class_name VARCHAR, office_code VARCHAR, is_it_unit BOOLEAN, cur_org_name VARCHAR, cur_unit_code VARCHAR, cur_unit_name VARCHAR, cur_region_code VARCHAR, cur_region_name VARCHAR, cur_class_code VARCHAR, cur_class_name VARCHAR);
CREATE TABLE core.dim_org_at (org_code VARCHAR, valid_from DATE, valid_until DATE, cur_unit_code VARCHAR, cur_unit_name VARCHAR,
  cur_office_org_code VARCHAR, cur_office_name VARCHAR, cur_province_org_code VARCHAR, cur_province_name VARCHAR,
  cur_region_code VARCHAR, cur_region_name VARCHAR, cur_class_code VARCHAR, cur_class_name VARCHAR);
CREATE TABLE core.dim_month (month VARCHAR, month_label VARCHAR, quarter VARCHAR, quarter_label VARCHAR, year VARCHAR,
  year_label VARCHAR, first_day DATE, last_day DATE);
CREATE TABLE core.dim_geo (geo_key VARCHAR, level VARCHAR, geo_code VARCHAR, geo_name VARCHAR, parent_geo_key VARCHAR,
  valid_from DATE, valid_until DATE, successor_geo_key VARCHAR);
CREATE TABLE core.dim_participant (participant_key BIGINT, person_key BIGINT, si_number VARCHAR, full_name VARCHAR, birth_year SMALLINT,
  birth_precision VARCHAR, sex_code VARCHAR, sex_name VARCHAR);
CREATE TABLE core.dim_employer (employer_key BIGINT, employer_code VARCHAR, employer_name VARCHAR, sector_code VARCHAR,
  sector_name VARCHAR, vsic_code VARCHAR);
CREATE TABLE core.dim_facility (facility_key BIGINT, facility_code VARCHAR, facility_name VARCHAR, level_code VARCHAR,
  level_name VARCHAR, class_code VARCHAR, class_name VARCHAR, ownership VARCHAR);
CREATE TABLE core.dim_object (object_code VARCHAR, object_name VARCHAR, group_code VARCHAR, group_name VARCHAR);
CREATE TABLE core.dim_fund (component_code VARCHAR, component_name VARCHAR, fund_code VARCHAR, fund_name VARCHAR);
CREATE TABLE core.dim_visit_type (visit_type_code VARCHAR, visit_type_name VARCHAR, care_code VARCHAR, care_name VARCHAR);
CREATE TABLE core.fct_contribution (participant_key BIGINT, person_key BIGINT, employer_key BIGINT, component_code VARCHAR, fund_code VARCHAR,
  contribution_month VARCHAR, org_code VARCHAR, base_vnd BIGINT, due_vnd BIGINT, collected_vnd BIGINT, last_batch_id VARCHAR);
CREATE TABLE core.fct_participation (participant_key BIGINT, person_key BIGINT, fund_code VARCHAR, month VARCHAR, org_code VARCHAR,
  employer_key BIGINT, scheme_code VARCHAR, injury_code VARCHAR);
CREATE TABLE core.fct_claim (claim_key BIGINT, visit_month VARCHAR, org_code VARCHAR, facility_key BIGINT,
  object_code VARCHAR, visit_type_code VARCHAR, care_code VARCHAR, benefit_level SMALLINT, sex_code VARCHAR,
  age_band VARCHAR, patient_key BIGINT, patient_code VARCHAR, person_key BIGINT, treatment_days INTEGER, total_vnd DECIMAL(18,2),
  hi_paid_vnd DECIMAL(18,2), copay_vnd DECIMAL(18,2), self_paid_vnd DECIMAL(18,2), exam_vnd DECIMAL(18,2),
  bed_vnd DECIMAL(18,2), drug_vnd DECIMAL(18,2), other_vnd DECIMAL(18,2), last_batch_id VARCHAR,
  in_scope_vnd DECIMAL(18,2), other_source_vnd DECIMAL(18,2), outside_capitation_vnd DECIMAL(18,2), referral_code VARCHAR,
  origin_code VARCHAR, card_geo_key VARCHAR);
CREATE TABLE quarantine.held (FAILED_ROW);
CREATE TABLE quarantine.rejected (FAILED_ROW);
CREATE TABLE quarantine.accepted (FAILED_ROW);
CREATE TABLE quarantine.trial (check_code VARCHAR, source VARCHAR, source_table VARCHAR, org_code VARCHAR,
  month VARCHAR, "rows" BIGINT, amount_vnd DECIMAL(38,2));
CREATE TABLE quarantine.versions (source_table VARCHAR, source_id BIGINT, version VARCHAR, batch_id VARCHAR,
  landed_at TIMESTAMP, gone BOOLEAN, raw VARCHAR);
CREATE SCHEMA desk;
CREATE TABLE desk.decisions (id BIGINT, decision_id VARCHAR, source_table VARCHAR, source_id BIGINT, version VARCHAR,
  check_code VARCHAR, verdict VARCHAR, month VARCHAR, decided_at TIMESTAMP);
CREATE TABLE quarantine.flagged (source VARCHAR, source_table VARCHAR, source_id BIGINT, check_codes VARCHAR[],
  org_code VARCHAR, month VARCHAR, batch_id VARCHAR);
CREATE SCHEMA quality;
CREATE TABLE quality.staged (source VARCHAR, source_table VARCHAR, org_code VARCHAR, month VARCHAR, "rows" BIGINT);
""".replace("FAILED_ROW", FAILED_ROW)
    + benefits_fixture.DDL
    + accounting_fixture.DDL
)

_MONTH_ROWS = [
    (
        m,
        f"{int(m[5:])}/2025",
        q,
        f"Quý {r}/2025",
        "2025",
        "Năm 2025",
        date(2025, int(m[5:]), 1),
        date(2025, int(m[5:]), d),
    )
    for m, q, r, d in zip(
        MONTHS,
        ("2025-Q2", "2025-Q2", "2025-Q3", "2025-Q3"),
        ("II", "II", "III", "III"),
        (31, 30, 31, 31),
        strict=True,
    )
]
_FUNDS = [
    ("HTTT", "Hưu trí, tử tuất", "si", "BHXH"),
    ("ODTS", "Ốm đau, thai sản", "si", "BHXH"),
    ("TNLD", "Tai nạn lao động, bệnh nghề nghiệp", "si", "BHXH"),
    ("BHXHTN", "BHXH tự nguyện", "si", "BHXH"),
    ("BHYT", "BHYT bắt buộc", "hi", "BHYT"),
    ("BHYTHGD", "BHYT hộ gia đình", "hi", "BHYT"),
    ("BHTN", "Bảo hiểm thất nghiệp", "ui", "BHTN"),
]
_FUND_OF = {component: fund for component, _, fund, _ in _FUNDS}

# participant_key, birth year, sex, employer_key, office before the reform, monthly base in đồng, % collected
_PEOPLE = [
    (1, 1980, "1", 10, "00.01.001", 8_000_000, 100),
    (2, 1985, "2", 10, "00.01.001", 9_000_000, 100),
    (3, 1990, "1", 10, "00.01.002", 7_500_000, 90),
    (4, 1975, "2", 11, "00.01.006", 12_000_000, 100),
    (5, 1999, "1", 11, "00.01.006", 5_310_000, 0),
    (6, 1968, "2", 11, "00.01.006", 20_000_000, 50),
    (7, 1982, "1", 20, "00.48.490", 6_000_000, 100),
    (8, 1993, "2", 20, "00.48.490", 6_500_000, 100),
    (9, 1988, "1", 21, "00.48.492", 11_000_000, 95),
    (10, 1971, "2", 21, "00.48.492", 10_000_000, 100),
    (11, 1996, "1", 30, "00.49.502", 5_500_000, 100),
    (12, 1984, "2", 30, "00.49.502", 5_700_000, 80),
    (13, 1960, "2", None, "00.49.502", 1_500_000, 100),  # voluntary SI
    (14, 1979, "1", 10, "00.01.001", 15_000_000, 100),  # works for two employers in June, see below
]
_EMPLOYERS = [
    (10, "TA0001A", "Công ty cổ phần Sông Hồng", "DN", "Doanh nghiệp ngoài nhà nước", "C10"),
    (11, "IC1234Z", "Trường THPT Đống Đa", "HC", "Hành chính, sự nghiệp", "P85"),
    (20, "TD0020A", "Công ty TNHH Liên Chiểu", "FDI", "Doanh nghiệp FDI", "C26"),
    (21, "TD0021B", "Công ty Du lịch Hải Châu", "DN", "Doanh nghiệp ngoài nhà nước", "N79"),
    (30, "TE0030A", "Công ty May Tam Kỳ", "DN", "Doanh nghiệp ngoài nhà nước", "C14"),
]
_PERCENT = {"HTTT": (22, 1), "BHYT": (45, 10), "BHTN": (2, 1), "BHXHTN": (22, 1)}


def office_on(office: str, month: str) -> str:
    """The office that owns a row of this month: the old one before the reform, its successor after."""
    return office if month < "2025-07" else SUCCESSOR[office]


def _line(
    person: tuple[Any, ...], employer: int | None, component: str, month: str, base: int
) -> tuple[Any, ...]:
    key, _, _, _, office, _, share = person
    numerator, denominator = _PERCENT[component]
    due = base * numerator // (100 * denominator)
    money = (base, due, due * share // 100)
    return (
        key,
        employer,
        component,
        _FUND_OF[component],
        month,
        office_on(office, month),
        *money,
        "collection.1",
    )


def _lines() -> list[tuple[Any, ...]]:
    lines = []
    for person in _PEOPLE:
        key, _, _, employer, _, base, _ = person
        for month in MONTHS:
            if key == 5 and month == "2025-08":  # left in July
                continue
            if key == 12 and month == "2025-05":  # came in June
                continue
            if key == 13:
                lines.append(_line(person, None, "BHXHTN", month, base))
                continue
            components = ["HTTT", "BHYT"] + (["BHTN"] if key in (1, 7) else [])
            lines += [_line(person, employer, component, month, base) for component in components]
            if key == 14 and month == "2025-06":  # a second, smaller job: one head, two lines
                lines.append(_line(person, 11, "HTTT", month, 4_000_000))
    return lines


LINES = _lines()


def _stock() -> list[tuple[Any, ...]]:
    best: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for key, employer, _, fund, month, org, base, *_ in LINES:
        if (key, fund, month) not in best or base > best[key, fund, month][2]:
            best[key, fund, month] = (org, employer, base)
    return [(key, fund, month, org, employer) for (key, fund, month), (org, employer, _) in best.items()]


STOCK = _stock()
_FACILITIES = [
    (100, "01001", "Bệnh viện Bạch Mai", "1", "Trung ương", "0", "Hạng đặc biệt", "Công lập"),
    (101, "01817", "Trạm y tế phường Láng Hạ", "4", "Xã", "9", "Chưa xếp hạng", "Công lập"),
    (200, "48001", "Bệnh viện Đà Nẵng", "2", "Tỉnh", "1", "Hạng I", "Công lập"),
    (300, "49001", "Bệnh viện đa khoa Quảng Nam", "2", "Tỉnh", "2", "Hạng II", "Công lập"),
]
_OBJECTS = [
    ("DN", "NLĐ trong doanh nghiệp", "I", "Người lao động và người sử dụng lao động đóng"),
    ("HC", "Cán bộ, công chức, viên chức", "I", "Người lao động và người sử dụng lao động đóng"),
    ("HT", "Người hưởng lương hưu", "II", "Quỹ BHXH đóng"),
    ("TE", "Trẻ em dưới 6 tuổi", "III", "Ngân sách nhà nước đóng"),
    ("GD", "Hộ gia đình", "V", "Hộ gia đình đóng"),
]
_VISITS = [
    ("01", "Khám bệnh", "outpatient", "Ngoại trú"),
    ("02", "Điều trị ngoại trú", "outpatient", "Ngoại trú"),
    ("03", "Nội trú", "inpatient", "Nội trú"),
]
_CARE = {code: care for code, _, care, _ in _VISITS}
_PATIENTS = [  # patient_key, patient_code, sex, age band, object, level, facility, office before the reform
    (1, "0100000001", "1", "40-59", "DN", 4, 100, "00.01.001"),
    (4, "0100000004", "2", "40-59", "HC", 4, 101, "00.01.006"),
    (None, "0100000099", "1", "0-5", "TE", 1, 100, "00.01.006"),
    (9, "4800000009", "1", "25-39", "DN", 4, 200, "00.48.492"),
    (11, "4900000011", "1", "25-39", "DN", 4, 300, "00.49.502"),
    (13, "4900000013", "2", "60-79", "HT", 3, 300, "00.49.502"),
]


def _claims() -> list[tuple[Any, ...]]:
    claims = []
    for m, month in enumerate(MONTHS):
        for p, (key, code, sex, age, obj, level, facility, office) in enumerate(_PATIENTS):
            kind = "03" if (m + p) % 4 == 0 else "01"
            days = 5 + p if kind == "03" else 0
            bed = Decimal(days * 220_000)
            exam, drug, other = (
                Decimal("45000.00"),
                Decimal(120_000 + 1_333 * p + 17 * m) / 4,
                Decimal(31_000 * (p + 1)),
            )
            total = exam + bed + drug + other
            own = Decimal(10_000 * (p % 3))
            covered = total - own
            copay = (
                Decimal(0) if level == 1 else (covered / (20 if level == 3 else 5)).quantize(Decimal("0.01"))
            )
            where = (1000 + 10 * m + p, month, office_on(office, month), facility, obj, kind, _CARE[kind])
            money = (total, covered - copay, copay, own, exam, bed, drug, other)
            claims.append((*where, level, sex, age, key, code, days, *money, "claims.1"))
    return claims


CLAIMS = _claims()
STAGED = [  # rows of each source table that staging took, by office and month
    *(
        ("collection", "tst_dong_ca_nhan", org, month, n)
        for (org, month), n in Counter((x[5], x[4]) for x in LINES).items()
    ),
    *(
        ("claims", "gd_ho_so", org, month, n)
        for (org, month), n in Counter((x[2], x[1]) for x in CLAIMS).items()
    ),
    *(
        ("collection", "tst_nguoi_tham_gia", office, None, n)
        for office, n in Counter(p[4] for p in _PEOPLE).items()
    ),
]


def tiny_release(tmp_path: Path) -> DataPathSettings:
    """Publish the small release under `tmp_path`, return settings that point there."""
    settings = DataPathSettings(home=tmp_path, memory_limit="512MB", threads=1)
    folder = settings.releases / RELEASE
    folder.mkdir(parents=True)
    (folder / "serving.duckdb").write_bytes(_served())
    (folder / "manifest.json").write_text(json.dumps(MANIFEST, ensure_ascii=False), encoding="utf-8")
    (settings.releases / "current").symlink_to(RELEASE)
    return settings


@cache
def _served() -> bytes:
    """Return the serving database of the small release: made once, written for every test that asks for it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "serving.duckdb"
        engine = connect(path, memory_limit="512MB", threads=1)
        for statement in (*DDL.split(";"), *further_tables(DDL)):
            if statement.strip():
                engine.run(statement)
        _fill(engine)
        engine.run("CHECKPOINT")
        engine.close()
        return path.read_bytes()


PERSON_OF = {  # in this small world a person has one number
    "core.dim_participant": "participant_key",
    "core.fct_contribution": "participant_key",
    "core.fct_participation": "participant_key",
    "core.fct_claim": "COALESCE(patient_key, -CAST(patient_code AS BIGINT))",
}
DERIVED = {  # columns that follow from the others of a row
    "core.fct_participation": {
        "scheme_code": "CASE WHEN employer_key IS NULL THEN 'voluntary' ELSE 'compulsory' END",
        "injury_code": "'no'",
    },
    "core.fct_claim": {
        "in_scope_vnd": "hi_paid_vnd + copay_vnd", "other_source_vnd": "0", "outside_capitation_vnd": "0",
        "referral_code": "'referred'", "origin_code": "'inside'",
        "card_geo_key": "'P' || LEFT(patient_code, 2) || '-1995'",
    },
}  # fmt: skip
MANIFEST: dict[str, Any] = {
    "id": RELEASE,
    "built_at": "2026-11-22T02:30:00+00:00",
    "state": "provisional",
    "data_until": MONTHS[-1],
    "previous": None,
    "parts": {},
    "ledger": {},
    "inputs": {},
    "models": {},
    "locked": [],
    "flagged": {},
    "equations": {},
    "quarantine": {
        "TST-C01": {"rows": 1, "vnd": "1760000.00"},
        "TST-C06": {"rows": 1, "vnd": "1760.00"},
        "GD-H02": {"rows": 1, "vnd": "350000.00"},
        "TST-N01": {"rows": 1, "vnd": "0.00"},
    },
    "decided": {"rejected": {"rows": 1, "vnd": "440000.00"}, "accepted": {"rows": 1, "vnd": "88000.00"}},
    "lineage": {  # what the real builds write; tests/test_plan.py of the pipeline compares
        "feeds": {
            "landed.tst_dong_ca_nhan": {
                "core.fct_contribution": ["base_vnd", "due_vnd", "collected_vnd", "*"],
                "core.fct_participation": ["*"],
            },
            "landed.gd_ho_so": {"core.fct_claim": ["total_vnd", "*"]},
        },
        "checked": {"TST-C01": ["ma_so_bhxh"], "TST-C06": ["can_cu_dong"], "GD-H02": ["ngay_vao", "ngay_ra"]},
        "amounts": {"tst_dong_ca_nhan": "due_vnd", "gd_ho_so": "total_vnd"},
    },
    "stopped_checks": ["GD-H04"],
    "serving_rows": {
        "core.dim_org_at": 2 * len(org_rows()),
        "quarantine.held": 4,
        "desk.decisions": 2,
        "quality.staged": len(STAGED),
    },
}


def _fill(engine: Engine) -> None:
    for table, rows in _tables().items():
        marks = ", ".join("(" + ", ".join("?" * len(rows[0])) + ")" for _ in rows)
        made = {"person_key", *DERIVED.get(table, ())}
        names = ", ".join(name for name in engine.types(f"SELECT * FROM {table}") if name not in made)
        engine.run(f"INSERT INTO {table} ({names}) VALUES {marks}", [value for row in rows for value in row])
    for table, person in PERSON_OF.items():
        engine.run(f"UPDATE {table} SET person_key = {person}")
    for table, columns in DERIVED.items():
        engine.run(f"UPDATE {table} SET {', '.join(f'{name} = {value}' for name, value in columns.items())}")


def _tables() -> dict[str, list[tuple[Any, ...]]]:
    people = [
        (
            key,
            f"{office[3:5]}{key:08d}",
            f"NGUYỄN THỊ SỐ {key}",
            year,
            "day",
            sex,
            "Nam" if sex == "1" else "Nữ",
        )
        for key, year, sex, _, office, _, _ in _PEOPLE
    ]
    failed = [
        [(*row, "2026-11-20 01:00:00", f"v{row[2]}") for row in place] for place in (HELD, REJECTED, ACCEPTED)
    ]
    return {
        "core.dim_org": with_kinds(org_rows()),
        "core.dim_org_at": list(on_every_tree(org_rows())),
        "core.dim_month": _MONTH_ROWS,
        "core.dim_participant": people,
        "core.dim_employer": list(_EMPLOYERS),
        "core.dim_facility": list(_FACILITIES),
        "core.dim_object": list(_OBJECTS),
        "core.dim_fund": list(_FUNDS),
        "core.dim_visit_type": list(_VISITS),
        "core.fct_contribution": LINES,
        "core.fct_participation": STOCK,
        "core.fct_claim": CLAIMS,
        **accounting_fixture.ROWS,
        "quarantine.held": failed[0],
        "quarantine.rejected": failed[1],
        "quarantine.accepted": failed[2],
        "quarantine.trial": list(TRIAL),
        "quarantine.versions": list(VERSIONS),
        "desk.decisions": list(DECISIONS),
        "quarantine.flagged": list(FLAGGED),
        "quality.staged": list(STAGED),
        **benefits_fixture.ROWS,
    }
