"""Runs the unit tests of the models: warehouse/tests/*.yaml, each told as a fact. Code lists are the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dwh.datapath.pipeline.plan import DATAPATH, Plan, load_plan
from dwh.datapath.pipeline.run import reading
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.standardise.scans import held_rows, is_standardise, source_table
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.model import Model
from dwh.datapath.warehouse.parts import PartStore
from dwh.datapath.warehouse.seeds import seed_select


class Loader(yaml.SafeLoader):
    """YAML whose scalars stay text, so that 00.01 is a code and not a number; the engine casts what has a type."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:bool",
                                                                    "tag:yaml.org,2002:merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}  # fmt: skip
FILES = sorted((DATAPATH / "warehouse/tests").glob("test_*.yaml"))
CASES = {
    f"{path.stem}:{name}": case
    for path in FILES
    for name, case in yaml.load(path.read_text(encoding="utf-8"), Loader=Loader).items()
}
CODE_LISTS = {  # copies of seeds; test_working_day.py looks at every day
    "core.dim_geo", "core.dim_object", "core.dim_fund", "core.dim_visit_type", "core.dim_benefit",
    "core.dim_fund_source", "core.dim_ledger_fund", "core.dim_ledger_activity", "core.dim_budget_item",
    "staging.working_day", "core.dim_cost_group",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine, plan = connect(None, threads=1), load_plan()
    for schema in ("seed", "landed", "staging", "core", "work"):
        engine.run(f"CREATE SCHEMA {schema}")
    for table in plan.seeds:
        engine.run(code_list(plan, table))
    yield engine
    engine.close()


@pytest.mark.parametrize("name", CASES)
def test_a_model_does_what_its_case_says(engine, name, tmp_path):
    case, plan = CASES[name], load_plan()
    model = plan.model(case["model"])
    give(engine, plan, model, case["given"], PartStore(tmp_path))
    names = ", ".join(column.name for column in model.columns)
    found = [
        dict(zip(names.split(", "), row, strict=True))
        for row in engine.rows(f"SELECT {names} FROM ({with_months(model.sql, case)}\n) ORDER BY ALL")
    ]
    for row in typed(engine, model, case["expect"]):
        match = next((f for f in found if all(f[name] == value for name, value in row.items())), None)
        assert match is not None, f"{row} is not among {found}"
        found.remove(match)
    assert found == []
    if "held" in case:
        assert held(engine, model, case) == {int(key): codes for key, codes in case["held"].items()}


def test_every_model_has_a_case():
    assert {model.table for model in load_plan().models} - CODE_LISTS == {
        case["model"] for case in CASES.values()
    }


def code_list(plan: Plan, table: str) -> str:
    """Return the statement that offers a code list as it is in the repository."""
    rows = seed_select(plan.seeds[table])
    return f"CREATE OR REPLACE VIEW {table} AS {rows}"


def give(
    engine: Engine, plan: Plan, model: Model, given: dict[str, list[dict[str, Any]]], store: PartStore
) -> None:
    """Offer the given rows as the tables the model reads; a table not given is empty."""
    for table in plan.reads[model.table]:
        if table in plan.seeds and table not in given:
            engine.run(code_list(plan, table))  # the real one, whatever the case before gave
            continue
        columns = plan.columns(table)
        rows = [
            "SELECT "
            + ", ".join(f"CAST({literal(row.get(c.name))} AS {c.type}) AS {c.name}" for c in columns)
            for row in given.get(table, [])
        ]
        engine.run(
            f"CREATE OR REPLACE VIEW {table} AS {' UNION ALL '.join(rows) or reading(store, columns, [])}"
        )


def typed(engine: Engine, model: Model, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the expected rows with the model's types, as the engine would return them."""
    types = {column.name: column.type for column in model.columns}
    for row in rows:
        words = ", ".join(f"CAST({literal(value)} AS {types[name]})" for name, value in row.items())
        yield dict(zip(row, engine.rows(f"SELECT {words}")[0], strict=True))


def held(engine: Engine, model: Model, case: dict[str, Any]) -> dict[int, list[str]]:
    """Source id → codes of the rows the model's second scan holds."""
    assert is_standardise(model)
    table = source_table(model)
    source = next(s for s in source_names() if has(s, table))
    sql = with_months(model.sql, case)
    engine.run("CREATE OR REPLACE TABLE work.missing (id BIGINT, is_missing BOOLEAN)")
    engine.run("CREATE OR REPLACE TABLE work.decided (source_id BIGINT, accepted BIGINT, rejected BOOLEAN)")
    engine.run(
        f"INSERT INTO work.missing SELECT id, TRUE FROM {model.follows} "
        f"WHERE id NOT IN (SELECT source_id FROM ({sql}\n))"
    )
    scan = held_rows(model, load_contract(source).table(table), source=source, missing="work.missing")
    return {
        row[0]: row[1]
        for row in engine.rows(f"SELECT source_id, check_codes FROM ({with_months(scan, case)}\n)")
    }


def has(source: str, table: str) -> bool:
    return any(contract.name == table for contract in load_contract(source).tables)


def with_months(sql: str, case: dict[str, Any]) -> str:
    return sql.replace(":months", ", ".join(f"'{month}'" for month in case.get("months", ["all"])))


def literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(literal(item) for item in value)}]"
    if value is None or isinstance(value, (bool, int, float)):
        return "NULL" if value is None else str(value)
    return "'" + str(value).replace("'", "''") + "'"
