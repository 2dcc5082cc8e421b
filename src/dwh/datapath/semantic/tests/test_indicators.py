"""docs/indicators.csv: all 161 indicators of the sector, each with what answers it or the fact that is missing."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.formula import Name, Node, Number
from dwh.datapath.semantic.words import STOCKS, Indicator, Measure

TABLE = Path(__file__).parents[5] / "docs" / "indicators.csv"
with TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
CATALOG = load_catalog()
ANSWERED = [row for row in ROWS if row["answered_by"]]
GROUPS = {
    "TG": 20, "BP": 7, "TH": 17, "NO": 8, "ST": 10, "CH": 23, "TN": 6, "YT": 29, "KT": 10, "HG": 6, "NS": 5, "GD": 9,
    "IM": 11,
}  # fmt: skip
UNITS = {  # a unit of the indicator list -> the units a value may have that answers it
    "tr.đ": {"đồng"}, "triệu đồng": {"đồng"}, "đồng": {"đồng", "đồng/lượt", "đồng/người", "đồng/tháng"},
    "đồng/tháng": {"đồng/tháng"},
    "người": {"người", "lượt người", "lượt", "quyết định"}, "lượt": {"lượt"}, "lượt người": {"lượt người"},
    "ngày": {"ngày", "ngày/lượt"}, "năm": {"năm", "tuổi"}, "mã": {"mã số"}, "QĐ": {"quyết định"},
    "lượt/thẻ": {"lượt/thẻ"},
}  # fmt: skip
UNITS_OF = {
    "TH-12": {"đồng"},
    "HG-06": {"lượt người"},
    "NS-03": {"%"},
    "IM-02": {"sự kiện"},
    "CH-09": {"người", "quyết định"},
}


def values_of(row):
    found = (one.split(".") for one in row["answered_by"].split())
    return [CATALOG.subject(subject).value(value) for subject, value in found]


def adds_like(value: Measure | Indicator, subject: str) -> set[str]:
    """Return the classes of additivity a value can answer: a formula of sums adds up as its parts do."""
    if isinstance(value, Measure):
        if value.additive == "all":
            return {"A"}
        return {"S", "D"} if value.additive in STOCKS else {"D"}
    parts = [adds_like(CATALOG.subject(subject).measures[name], subject) for name in value.measures]
    return {"N"} | (set.intersection(*parts) if is_linear(value.tree) else set())


def is_linear(node: Node) -> bool:
    """Tell whether a formula only adds and subtracts."""
    if isinstance(node, Name | Number):
        return True
    return node.sign in ("+", "-") and all(is_linear(argument) for argument in node.arguments)


@pytest.mark.req("E-04")
def test_every_indicator_of_the_sector_is_listed_once():
    codes = [row["code"] for row in ROWS]
    assert codes == [f"{group}-{n:02d}" for group, most in GROUPS.items() for n in range(1, most + 1)]
    assert len(codes) == 161


def test_the_table_and_the_catalogue_say_the_same():
    said = {(row["code"], one) for row in ROWS for one in row["answered_by"].split()}
    marked = {
        (code, f"{subject.name}.{value.name}")
        for subject in CATALOG.subjects.values()
        for value in (*subject.measures.values(), *subject.indicators.values())
        for code in value.codes
    }
    assert said == marked


def test_what_nothing_answers_names_the_fact_that_is_missing():
    for row in ROWS:
        assert row["answered_by"] or row["missing"].endswith("."), row["code"]
        assert not row["reading"] or row["answered_by"], row["code"]


@pytest.mark.req("D-14")
@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row["code"])
def test_additivity_fits_the_class_of_the_indicator_or_the_table_says_how_it_is_read(row):
    wanted = set(re.findall(r"\b[ASDN]\b", row["additivity"]))
    for one, value in zip(row["answered_by"].split(), values_of(row), strict=True):
        assert wanted & adds_like(value, one.split(".")[0]) or row["reading"], one


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row["code"])
def test_units_fit_the_indicator(row):
    units = [unit.strip() for unit in re.split(r"[,;]", row["unit"])]
    allowed = set().union(*(UNITS.get(unit, {unit}) for unit in units)) | UNITS_OF.get(row["code"], set())
    for value in values_of(row):
        assert value.unit in allowed, (value.name, value.unit, row["unit"])


@pytest.mark.req("E-04")
def test_verified_and_common_indicators_are_answered_first():
    usual = [row for row in ROWS if row["status"] in ("V", "P")]
    answered = sum(bool(row["answered_by"]) for row in usual)
    assert answered >= 0.8 * len(usual), f"{answered} of {len(usual)}"
