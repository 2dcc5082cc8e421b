"""Layouts are data: what they promise is checked here, so that a slip in YAML is found before an export is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dwh.datapath.sources.contract import arrow_schema
from dwh.datapath.sources.manual.layout import load_layouts, path_of
from dwh.datapath.sources.manual.relations import read_relation

LAYOUTS = load_layouts()
DWH = Path(__file__).parents[4]


@pytest.mark.parametrize("report", LAYOUTS)
def test_no_header_means_two_columns(report):
    paths = [path for column in LAYOUTS[report].columns for path in column.headers]
    assert len(set(paths)) == len(paths)
    assert all(path for path in paths)


@pytest.mark.parametrize("report", LAYOUTS)
def test_relations_sums_and_units_name_columns_that_exist(report):
    layout = LAYOUTS[report]
    names = {column.name for column in layout.columns}
    assert {name for relation in layout.relations for name in relation.names} <= names
    assert set(layout.sums) <= names
    assert {name for rule in layout.units for name in (rule.of, rule.per) if name} <= names
    assert {c.unit for c in layout.figures if c.kind == "money"} == {rule.group for rule in layout.units}


@pytest.mark.parametrize("report", LAYOUTS)
def test_a_believable_size_leaves_one_unit_only(report):
    """Units are a thousand apart: a range narrower than that never fits two."""
    for rule in LAYOUTS[report].units:
        for low, high in rule.between.values():
            assert 1 < high / low < 1000


@pytest.mark.parametrize("report", LAYOUTS)
def test_every_layout_lands_typed(report):
    schema = arrow_schema(LAYOUTS[report].contract())
    assert schema.names[:3] == ["id", "ky_tu", "ky_den"]
    assert not any(str(kind) == "double" for kind in schema.types)


def test_the_five_reports_of_the_monitoring_are_known():
    widths = {report: len(layout.columns) for report, layout in LAYOUTS.items()}
    assert widths == {"b01": 22, "b02": 21, "b04": 12, "b21": 39, "b26": 35}  # of 2024 and of 2025 together


def test_the_heads_of_our_own_b02_are_known():
    own = yaml.safe_load((DWH / "delivery/reports/definitions/b02.yaml").read_text(encoding="utf-8"))
    heads = [" / ".join(filter(None, (figure.get("group"), figure["head"]))) for figure in own["figures"]]
    heads += [words for key in own["keys"].values() for words in key.values()]
    known = {path for column in LAYOUTS["b02"].columns for path in column.headers}
    assert {path_of(head) for head in heads} <= known


def test_codes_of_relations_are_unique():
    codes = [relation.code for layout in LAYOUTS.values() for relation in layout.relations]
    codes += [layout.sums_code for layout in LAYOUTS.values() if layout.sums]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    "rule", ["a = __import__('os')", "a = b ** c", "a = b.c", "a = b[0]", "a = f(b)", "a = 'b'"]
)
def test_a_relation_is_names_and_arithmetic_only(rule):
    with pytest.raises(ValueError, match="only names"):
        read_relation("X", rule, 0)


def test_a_header_is_compared_without_marks_units_and_capitals():
    assert path_of("Chi bình quân (đ) / CHUNG") == ("chi binh quan", "chung")
    assert path_of("Chi/lần KCB") == ("chi lan kcb",)
    assert path_of("% so kỳ trước") == ("% so ky truoc",)
