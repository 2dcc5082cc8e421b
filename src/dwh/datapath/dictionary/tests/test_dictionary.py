"""The dictionary holds everything the models, contracts and subjects hold, and its lineage is that of the SQL."""

from __future__ import annotations

import csv
import json
import re
from time import perf_counter

import pytest

from dwh.datapath.dictionary.collect import load_dictionary, make_dictionary
from dwh.datapath.dictionary.entries import Ref
from dwh.datapath.dictionary.words import AUDITS, LABELS, NOTES, TABLES, audit_words
from dwh.datapath.pipeline.audits import AUDITS as AUDIT_FILES
from dwh.datapath.pipeline.plan import LANDED_EXTRA, columns_read, load_plan
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.sources.contract import load_contract, source_names


@pytest.fixture(scope="module")
def dictionary():
    return load_dictionary()


def ends(dictionary, table: str, column: str) -> list[str]:
    return [f"{ref.table}.{ref.column}" for ref in dictionary.table(table).column(column).sources]


def test_every_column_of_every_model_contract_and_code_list_is_in_it(dictionary):
    plan = load_plan()
    wanted = {(m.table, c.name) for m in plan.models for c in m.columns}
    wanted |= {(name, c.name) for name in plan.seeds for c in plan.columns(name)}
    wanted |= {
        (f"landed.{table.name}", column.name)
        for name in source_names()
        for table in load_contract(name).tables
        for column in table.columns
    }
    there = {(table.name, column.name) for table in dictionary.tables.values() for column in table.columns}
    assert wanted - there == set()


def test_every_figure_and_level_of_every_subject_is_in_it(dictionary):
    for name, subject in load_catalog().subjects.items():
        found = dictionary.subject(name)
        assert [figure.name for figure in found.figures] == [*subject.measures, *subject.indicators]
        assert [level.name for level in found.levels] == subject.field_names()
        assert all(figure.made_from and figure.unit and figure.additive for figure in found.figures)


def test_every_table_says_grain_owner_and_source(dictionary):
    by_hand = {"core.dim_fund", "staging.working_day"}  # of the program's own lists; no document orders them
    for table in dictionary.tables.values():
        if table.layer != "seed":
            assert table.grain, table.name
            assert len(table.owner) > len("cntt"), table.name
            assert table.article or table.name in by_hand, table.name
    assert dictionary.table("core.fct_contribution").owner == "Ban Quản lý thu và phát triển người tham gia"
    assert dictionary.table("landed.tst_dong_ca_nhan").article == "QC-DWH Điều 4.1"


def test_every_table_and_column_has_a_vietnamese_label(dictionary):
    missing = [t.name for t in dictionary.tables.values() if t.label == t.name.partition(".")[2]]
    columns = [(t.name, c.name) for t in dictionary.tables.values() for c in t.columns]
    unnamed = [(t.name, c.name) for t in dictionary.tables.values() for c in t.columns if not c.label]
    assert len(missing) <= 0.05 * len(dictionary.tables), missing
    assert len(unnamed) <= 0.05 * len(columns), unnamed


@pytest.mark.req("C-20")
def test_every_data_element_has_owner_definition_and_completeness_rule(dictionary):
    elements = [(table, column) for table in dictionary.tables.values() for column in table.columns]
    assert len(elements) > 2000
    assert [table.name for table, _ in elements if not table.owner] == []
    assert [(table.name, one.name) for table, one in elements if not (one.label or one.note)] == []
    assert [(table.name, one.name) for table, one in elements if not one.completeness] == []


@pytest.mark.req("C-20")
@pytest.mark.parametrize(
    ("table", "column", "rule"),
    [
        (
            "landed.tst_dong_ca_nhan",
            "so_tien_da_dong",
            "Bắt buộc: thiếu thì nguồn dừng",
        ),  # required in the contract
        ("landed.tst_don_vi", "dia_chi", "Không áp dụng"),
        ("landed.ns_nhan_vien", "email_nganh", "Theo quy tắc NS-N01 (gắn cờ dòng)"),
        ("landed.hgd_bien_dong", "ngay_bien_dong", "Theo quy tắc HGD-B01 (giữ lại dòng)"),
        ("landed.tst_don_vi", "batch_id", "Luôn có"),
        ("core.fct_contribution", "fund_code", "Luôn có giá trị"),  # the audit not_null of its model
        ("core.fct_contribution", "due_vnd", "Theo các cột gốc"),
        ("core.fct_sign_in", "events", "Chương trình tính"),
        ("seed.fund", "fund_code", "Theo danh mục"),
    ],
)
def test_the_completeness_rule_is_the_one_that_is_enforced(dictionary, table, column, rule):
    assert dictionary.table(table).column(column).completeness.startswith(rule)


@pytest.mark.req("C-20")
def test_required_columns_and_only_they_say_so(dictionary):
    promised = {
        (f"landed.{table.name}", column.name)
        for name in source_names()
        for table in load_contract(name).tables
        for column in table.landed
        if not column.nullable
    }
    told = {
        (table.name, column.name)
        for table in dictionary.tables.values()
        for column in table.columns
        if column.completeness.startswith("Bắt buộc")
    }
    assert told == promised


def test_no_label_is_left_of_something_that_is_gone(dictionary):
    columns = {column.name for table in dictionary.tables.values() for column in table.columns}
    known = columns | set(dictionary.tables)
    known |= {
        f"{table.name}.{column.name}" for table in dictionary.tables.values() for column in table.columns
    }
    with LABELS.open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file) if row["name"] not in known] == []


def test_a_comment_of_a_model_is_shown_in_vietnamese(dictionary):
    with NOTES.open(encoding="utf-8", newline="") as file:
        words = {row["note"]: row["words"] for row in csv.DictReader(file)}
    comments = {column.comment for model in load_plan().models for column in model.columns}
    comments |= {column.comment for column in LANDED_EXTRA}
    assert set(words) <= comments, set(words) - comments
    plain = [one for one in comments - {""} if one not in words and one.isascii()]
    assert len(plain) <= 0.1 * len(comments), plain
    assert dictionary.table("core.dim_month").column("month").note == "dạng năm-tháng"


def test_every_table_of_ours_is_described_in_vietnamese(dictionary):
    ours = {name for name, table in dictionary.tables.items() if table.layer in ("staging", "core")}
    with TABLES.open(encoding="utf-8", newline="") as file:
        assert {row["name"] for row in csv.DictReader(file)} <= ours
    missing = [name for name in sorted(ours) if not dictionary.table(name).description]
    assert len(missing) <= 0.05 * len(ours), missing


def test_a_number_that_counts_something_says_what(dictionary):
    flow = dictionary.table("core.fct_edossier")
    assert (flow.column("received").unit, flow.column("working_days").unit) == ("hồ sơ", "ngày làm việc")
    assert dictionary.table("landed.gd_thuoc").column("don_gia").unit == "đồng"
    assert dictionary.table("core.fct_account").column("org_code").unit == ""


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        # one level: the sum of three columns of the source row
        ("staging.stg_contribution", "due_vnd", ["so_tien_ld", "so_tien_sd", "so_tien_nsnn"]),
        ("staging.stg_org_unit", "is_it_unit", ["ten"]),
        # two levels: SUM of the column above
        ("core.fct_contribution", "due_vnd", ["so_tien_ld", "so_tien_sd", "so_tien_nsnn"]),
        (
            "core.fct_contribution",
            "contribution_month",
            ["ky"],
        ),  # the month a row lies in is read from its period
        # a joined key: the person is looked up, the key is that of the register
        ("core.fct_contribution", "participant_key", ["id"]),
        # both halves of a UNION read the same row
        ("core.fct_ledger_entry", "debit_vnd", ["so_tien"]),
        ("core.fct_ledger_entry", "account_key", ["id"]),
    ],
)
def test_lineage_is_what_the_sql_says(dictionary, table, column, wanted):
    assert [name.rpartition(".")[2] for name in ends(dictionary, table, column)] == wanted


def test_a_union_of_two_tables_leads_to_both(dictionary):
    wanted = ["landed.gd_thuoc.thanh_tien_bv", "landed.gd_dvkt.thanh_tien_bv"]
    assert sorted(ends(dictionary, "core.fct_claim_cost", "lines_vnd")) == sorted(wanted)
    column = dictionary.table("core.fct_claim_cost").column("lines_vnd")
    above = [Ref("staging.claim_drug_sum", "amount_vnd"), Ref("staging.claim_service_sum", "amount_vnd")]
    assert list(column.made_from) == above


def test_the_two_sides_of_a_comparison_come_from_two_systems(dictionary):
    assert ends(dictionary, "core.fct_collection_match", "collected_vnd") == [
        "landed.tst_dong_ca_nhan.so_tien_da_dong"
    ]
    assert ends(dictionary, "core.fct_collection_match", "booked_vnd") == ["landed.kt_but_toan.so_tien"]


def test_every_amount_of_every_fact_reaches_a_column_of_a_source(dictionary):
    amounts = [
        (table.name, column.name, column.sources)
        for table in dictionary.tables.values()
        for column in table.columns
        if table.name.startswith("core.fct_") and column.unit == "đồng"
    ]
    assert len(amounts) > 30
    assert [one for one in amounts if not any(ref.table.startswith("landed.") for ref in one[2])] == []


def test_a_column_made_of_no_column_says_so(dictionary):
    assert dictionary.table("core.fct_ledger_entry").column("side").origin == "generated"
    assert dictionary.table("core.fct_sign_in").column("events").origin == "generated"
    assert dictionary.table("core.fct_contribution").column("due_vnd").origin == "traced"
    address = dictionary.table("landed.tst_don_vi").column("dia_chi")
    assert (address.origin, address.personal, address.used_by) == ("absent", "P2", ())
    assert "mã địa bàn" in address.reason


def test_lineage_names_only_columns_the_model_reads(dictionary):
    plan = load_plan()
    for model in plan.models:
        read = columns_read(plan, model)
        for column in dictionary.table(model.table).columns:
            assert all(ref.column in read[ref.table] for ref in column.made_from), (model.table, column.name)


def test_from_and_for_are_two_ends_of_the_same_thread(dictionary):
    steps = {
        (ref, Ref(table.name, column.name))
        for table in dictionary.tables.values()
        for column in table.columns
        for ref in column.made_from
    }
    back = {
        (Ref(table.name, column.name), ref)
        for table in dictionary.tables.values()
        for column in table.columns
        for ref in column.used_by
    }
    assert steps == back


def test_a_column_read_only_to_choose_rows_is_still_used(dictionary):
    column = dictionary.table("landed.tst_don_vi").column("ma_cq_bhxh")
    assert column.condition_of or column.used_by
    newest = dictionary.table("staging.stg_claim").column("is_newest")
    assert "core.fct_claim_cost" in newest.condition_of


def test_a_figure_leads_to_its_columns_and_back(dictionary):
    due = next(f for f in dictionary.subject("contributions").figures if f.name == "due_vnd")
    assert due.formula == "SUM(core.fct_contribution.due_vnd)"
    assert due.made_from == (Ref("core.fct_contribution", "due_vnd"),)
    assert [ref.column for ref in due.sources] == ["so_tien_ld", "so_tien_sd", "so_tien_nsnn"]
    assert "collection_rate" in due.part_of
    used = dictionary.table("core.fct_contribution").column("due_vnd").figures
    assert ("contributions", "due_vnd") in {(use.subject, use.name) for use in used}
    rate = next(f for f in dictionary.subject("contributions").figures if f.name == "collection_rate")
    assert rate.parts == ("collected_vnd", "due_vnd")


def test_a_derived_column_names_the_class_of_what_it_is_made_of(dictionary):
    people = dictionary.table("core.dim_participant")
    assert (people.column("full_name").personal, people.column("full_name").personal_class) == ("", "P2")
    assert dictionary.table("landed.tst_nguoi_tham_gia").column("ma_so_bhxh").personal == "P1"
    assert dictionary.table("core.dim_org").column("province_name").personal_class == ""


def test_a_source_table_shows_its_checks_and_a_model_its_audits(dictionary):
    checks = {check.code: check for check in dictionary.table("landed.tst_don_vi").checks}
    assert set(checks["TST-D01"].columns) >= {"ma_huyen", "ngay_tham_gia"}
    words = [audit.words for audit in dictionary.table("core.fct_contribution").audits]
    assert "«fund_code» chỉ nhận các giá trị: si, hi, ui." in words
    assert audit_words("unique(grain)", ("a", "b")) == "Không có hai dòng trùng nhau ở: a, b."


def test_every_audit_has_words():
    assert {path.stem for path in AUDIT_FILES.glob("*.sql")} == set(AUDITS)


def test_it_is_made_in_seconds_and_then_kept():
    plan, catalog = load_plan(), load_catalog()
    start = perf_counter()
    make_dictionary(plan, catalog)
    assert perf_counter() - start < 10
    assert load_dictionary() is load_dictionary()


def test_it_is_the_same_every_time_and_can_be_written_as_json(dictionary):
    again = make_dictionary(load_plan(), load_catalog())
    text = json.dumps(dictionary.to_json(), ensure_ascii=False)
    assert text == json.dumps(again.to_json(), ensure_ascii=False)
    assert not re.search(r"\d{10}", text)  # names of personal columns, never a value


def test_a_unit_that_is_responsible_has_one_spelling(dictionary):
    of_sources = {load_contract(name).owner for name in source_names()}
    assert {subject.owner for subject in dictionary.subjects.values()} <= of_sources
    assert {table.owner for table in dictionary.tables.values()} - {""} == of_sources
