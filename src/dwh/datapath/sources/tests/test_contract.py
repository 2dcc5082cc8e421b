"""The contracts: complete, told apart by personal class, and true of the layouts the demonstration makes."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from jsonschema import Draft201909Validator

from demo.ledger import SOURCE_OF
from demo.sources.schema import columns_of, tables_of
from dwh.datapath.sources.contract import arrow_schema, load_contract, parse_contract, source_names
from dwh.datapath.sources.folders import CONTRACT, source_folders
from dwh.kernel.errors import NotFound

NINTH = Path(__file__).parents[5] / "docs/tutorials/a-ninth-source/complaints"
ALWAYS = {"id", "created_at", "updated_at", "is_deleted", "ma_cq_bhxh"}
TABLES = [(system, table) for system in SOURCE_OF for table in tables_of(system)]


@pytest.mark.parametrize(("system", "table"), TABLES)
def test_the_contract_knows_every_column_of_the_layout(system, table):
    promised = load_contract(SOURCE_OF[system]).table(table)
    kinds = {c.name: c.kind for c in columns_of(system, table)}
    assert [c.name for c in promised.columns] == list(kinds)
    for column in promised.columns:
        assert column.type in _types_of(kinds[column.name]), column


def _types_of(kind):
    if kind.startswith("n"):
        return {"decimal"} if "." in kind else {"money"}
    plain = {"i8": "integer", "i": "integer", "d": "date", "ts": "timestamp", "b": "boolean"}
    return {plain.get(kind, "text")}


@pytest.mark.parametrize("source", source_names())
def test_every_table_lands_its_key_cursor_office_and_control_columns(source):
    contract = load_contract(source)
    assert (contract.name, contract.fresh_hours > 0, contract.owner_org[:3]) == (source, True, "00.")
    for table in contract.tables:
        landed = {column.name for column in table.landed}
        assert ALWAYS | set(table.money) | ({table.month_column} - {None}) <= landed
        assert "updated_by" not in landed
        assert table.landed[0].name == table.key


@pytest.mark.parametrize("path", [*source_folders().values(), NINTH], ids=lambda path: path.name)
def test_a_contract_is_one_of_the_open_data_contract_standard(path):
    text = (path / CONTRACT).read_text(encoding="utf-8")
    plain = json.loads(
        json.dumps(yaml.safe_load(text), default=str)
    )  # as JSON has it: no anchors, dates as text
    schema = json.loads(
        files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8")
    )
    Draft201909Validator(schema).validate(plain)
    assert parse_contract(text).name == path.name


@pytest.mark.parametrize("source", source_names())
def test_what_is_not_taken_says_why(source):
    for table in load_contract(source).tables:
        for column in table.columns:
            assert bool(column.reason) is not column.land


def test_of_sensitive_data_only_the_main_diagnosis_lands():
    landed = {
        (table.name, column.name)
        for source in source_names() for table in load_contract(source).tables for column in table.landed
        if column.personal == "P3"
    }  # fmt: skip
    assert landed == {("gd_ho_so", "ma_benh_chinh")}


def test_contact_data_never_land():
    landed = {c.name for s in source_names() for t in load_contract(s).tables for c in t.landed}
    assert not landed & {
        "dien_thoai",
        "dia_chi",
        "dia_chi_lh",
        "email",
        "so_tk",
        "dan_toc",
        "ma_dantoc",
        "ip",
        "ghi_chu",
    }


def test_money_is_whole_dong_and_claim_amounts_are_exact_decimals():
    lines = arrow_schema(load_contract("collection").table("tst_dong_ca_nhan"))
    claims = arrow_schema(load_contract("claims").table("gd_ho_so"))
    assert lines.field("so_tien_da_dong").type == pa.int64()
    assert claims.field("t_bhtt").type == pa.decimal128(15, 2)
    assert lines.field("updated_at").type == pa.timestamp("us")
    assert not lines.field("id").nullable


def test_the_fingerprint_follows_what_lands_and_nothing_else():
    text = """
id: s
name: S
team: {name: O}
slaProperties: [{property: latency, value: 1, unit: h}]
customProperties: [{property: system, value: S}, {property: ownerOrg, value: "00.S"}]
schema:
  - name: t
    businessName: T
    properties:
      - {name: id, logicalType: integer, physicalType: bigint, required: true}
      - {name: a, logicalType: string, physicalType: text}
"""

    def of(more):
        return parse_contract(text + more).tables[0].fingerprint

    hidden = "{name: b, logicalType: date, physicalType: date, customProperties: [{property: notLanded, value: x}]}"
    assert of("") == of(f"      - {hidden}\n")
    assert of("") != of("      - {name: b, logicalType: date, physicalType: date}\n")


def test_an_unknown_source_or_table_is_refused():
    with pytest.raises(NotFound, match="sales"):
        load_contract("sales")
    with pytest.raises(NotFound, match="tst_don_vi"):
        load_contract("collection").table("nowhere")
