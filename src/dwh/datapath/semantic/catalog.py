"""Reads subjects/*.yaml into the catalogue and refuses a subject that is not whole.

A mistake here is a mistake of ours, not of the person asking: it stops the program at start, with the file
and the place. Every measure has unit and additivity; every formula has a worked example that comes true.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from dwh.datapath.semantic.formula import Node, evaluate, exactly, inputs, parse
from dwh.datapath.semantic.words import (
    STOCKS,
    Additive,
    Catalog,
    Dimension,
    Fact,
    Indicator,
    Level,
    Measure,
    Subject,
)
from dwh.kernel.errors import Invalid
from dwh.kernel.vi import rounded

_ADDS_UP: Final = {"sum": ("all", *STOCKS), "count": ("all",), "count_distinct": ("none", *STOCKS)}
_CODE: Final = re.compile(r"[A-Z]{2}-[0-9]{2}")  # of docs/indicators.csv
SUBJECTS: Final = Path(__file__).parent / "subjects"
ORDER: Final = ("contributions", "participants", "claims", "benefits", "benefit_payments", "unemployment")


class BrokenSubject(Exception):
    """A subject file that must not load: the message names file and place (for engineers)."""


@cache
def load_catalog(folder: Path = SUBJECTS) -> Catalog:
    """Return the catalogue of every YAML file in `folder`; read once, immutable.

    Raises: BrokenSubject when a file is not a whole subject.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    ordered = sorted(texts, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    subjects = {name: read_subject(yaml.load(texts[name], Loader=yaml.CSafeLoader), name) for name in ordered}
    digest = hashlib.sha256("\n".join(f"{name}\n{texts[name]}" for name in ordered).encode()).hexdigest()
    return Catalog(MappingProxyType(subjects), digest)


def read_subject(document: Any, where: str) -> Subject:
    """Return one subject of a YAML document. Raises: BrokenSubject."""
    known = {"subject", "label", "owner", "description", "facts", "dimensions", "measures", "indicators"}
    source = _mapping(document, where, known)
    facts = {n: _fact(n, f, f"{where}.facts.{n}") for n, f in source["facts"].items()}
    dimensions = {n: _dimension(n, d, facts, f"{where}.{n}") for n, d in source["dimensions"].items()}
    measures = {n: _measure(n, m, facts, f"{where}.{n}") for n, m in source["measures"].items()}
    indicators = {
        n: _indicator(n, i, measures, f"{where}.{n}") for n, i in source.get("indicators", {}).items()
    }
    _demand(not set(measures) & set(indicators), where, "a measure and an indicator share a name")
    _check_scope(facts, dimensions, where)
    return Subject(
        name=source["subject"],
        label=source["label"],
        owner=source["owner"],
        description=source["description"],
        facts=MappingProxyType(facts),
        dimensions=MappingProxyType(dimensions),
        measures=MappingProxyType(measures),
        indicators=MappingProxyType(indicators),
    )


def _check_scope(facts: Mapping[str, Fact], dimensions: Mapping[str, Dimension], where: str) -> None:
    """Every fact is reached by the organisation through its scope column, or the subject does not load."""
    org = [dimension for dimension in dimensions.values() if dimension.kind == "org"]
    _demand(len(org) == 1 and bool(org[0].scope_key), where, "one org dimension with a scope_key")
    for fact in facts.values():
        _demand(org[0].columns.get(fact.name) == fact.scope_column, f"{where}.{fact.name}", "no scope")


def _fact(name: str, document: Any, where: str) -> Fact:
    keys = {"table", "label", "grain", "scope_column", "month_column"}
    source = _mapping(document, where, keys)
    _demand(bool(source.get("scope_column")), where, "no scope_column: a subject without one does not load")
    return Fact(
        name,
        source["table"],
        source["label"],
        source["scope_column"],
        source["month_column"],
        tuple(source["grain"]),
    )


def _dimension(name: str, document: Any, facts: Mapping[str, Fact], where: str) -> Dimension:
    keys = {
        "label",
        "kind",
        "table",
        "key",
        "join",
        "columns",
        "default",
        "levels",
        "scope_key",
        "table_as_of",
        "peers",
    }
    source = _mapping(document, where, keys)
    levels = {n: _level(n, level or {}, f"{where}.{n}") for n, level in source["levels"].items()}
    _demand(source["default"] in levels, where, "the default level is not one of the levels")
    _demand(set(source["columns"]) <= set(facts), where, "columns name a fact the subject does not have")
    _demand(("table" in source) == ("key" in source), where, "table and key go together")
    _demand("table_as_of" not in source or source.get("kind") == "org", where, "only units stand as of a day")
    return Dimension(
        name=name,
        label=source["label"],
        kind=source.get("kind", "category"),
        columns=MappingProxyType(source["columns"]),
        levels=MappingProxyType(levels),
        default=source["default"],
        table=source.get("table"),
        table_as_of=source.get("table_as_of"),
        key=source.get("key"),
        join=source.get("join", "early"),
        scope_key=source.get("scope_key"),
        peers=_may_be_compared(source, levels.values(), where),
    )


def _may_be_compared(source: Mapping[str, Any], levels: Iterable[Level], where: str) -> bool:
    peers = bool(source.get("peers", False))
    fine = any(level.personal or level.grain for level in levels)
    _demand(not (peers and fine), where, "peers: persons and single employers are never compared by")
    return peers


def _level(name: str, document: Any, where: str) -> Level:
    keys = {
        "label", "key", "text", "key_as_is", "text_as_is", "derive", "constant", "members",
        "personal", "ordered", "columns", "number",
        "grain", "code_in_label",
    }  # fmt: skip
    source = dict(_mapping(document, where, keys))
    _demand(source.get("derive", "") in ("", "year", "quarter", "decade"), where, "unknown derive")
    source["members"] = tuple((str(k), str(v)) for k, v in source.get("members", {}).items())
    source["columns"] = MappingProxyType(source.get("columns", {}))
    if "constant" in source:
        key, label = source["constant"]
        source["constant"] = (key, label)
    return Level(name=name, **source)


def _measure(name: str, document: Any, facts: Mapping[str, Fact], where: str) -> Measure:
    keys = {
        "label", "description", "unit", "fact", "agg", "column", "where", "additive", "decimals", "indicator", "peers",
    }  # fmt: skip
    source = _mapping(document, where, keys)
    for key in ("label", "description", "unit", "fact", "agg", "additive"):
        _demand(bool(source.get(key)), where, f"no {key}")
    additive: Additive = source["additive"]
    _demand(additive in ("all", "none", *STOCKS), where, "additive is all, none, last, first or average")
    _demand(source["agg"] in _ADDS_UP, where, "agg is sum, count or count_distinct")
    can = _ADDS_UP[source["agg"]]
    _demand(additive in can, where, "a distinct count never adds up; a sum always does, a stock but for time")
    _demand(source["fact"] in facts, where, "unknown fact")
    _demand(
        (source["agg"] == "count") != ("column" in source),
        where,
        "a count has no column, others have one",
    )
    _demand(not source.get("peers") or additive == "all", where, "peers: only what adds up is compared")
    return Measure(
        name=name,
        label=source["label"],
        description=source["description"],
        unit=source["unit"],
        fact=source["fact"],
        agg=source["agg"],
        additive=additive,
        column=source.get("column"),
        where=tuple((name, tuple(map(str, values))) for name, values in source.get("where", {}).items()),
        decimals=source.get("decimals", 0),
        peers=source.get("peers", False),
        codes=_codes(source, where),
    )


def _codes(source: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Return the codes of the indicators a value answers, as the YAML lists them under `indicator`."""
    codes = tuple(source.get("indicator", ()))
    _demand(all(_CODE.fullmatch(code) for code in codes), where, "indicator lists codes such as TG-01")
    return codes


def _indicator(name: str, document: Any, measures: Mapping[str, Measure], where: str) -> Indicator:
    keys = {
        "label",
        "description",
        "unit",
        "formula",
        "decimals",
        "source",
        "item",
        "status",
        "example",
        "indicator",
    }
    source = _mapping(document, where, keys)
    for key in ("label", "description", "unit", "formula", "source", "status", "example"):
        _demand(bool(source.get(key)), where, f"no {key}")
    _demand(source["status"] in ("draft", "approved"), where, "status is draft or approved")
    _demand(source["status"] == "draft" or bool(source["item"]), where, "approved needs the item number")
    tree = _tree(source["formula"], where)
    given = {key: Decimal(str(value)) for key, value in source["example"]["given"].items()}
    expect = source["example"]["expect"]
    indicator = Indicator(
        name=name,
        label=source["label"],
        description=source["description"],
        unit=source["unit"],
        formula=source["formula"],
        tree=tree,
        decimals=source.get("decimals", 0),
        source=source["source"],
        item=source["item"],
        status=source["status"],
        example=(tuple(given.items()), None if expect is None else Decimal(str(expect))),
        codes=_codes(source, where),
    )
    unknown = [measure for measure in indicator.measures if measure not in measures]
    _demand(not unknown, where, f"the formula names unknown measures {unknown}")
    _demand(set(inputs(tree)) == set(given), where, "the example gives other inputs than the formula")
    _demand(example_holds(indicator), where, "the worked example does not come true")
    return indicator


def _tree(formula: str, where: str) -> Node:
    try:
        return parse(formula)
    except Invalid as error:
        raise BrokenSubject(f"{where}: {error}") from error


def example_holds(indicator: Indicator) -> bool:
    """Tell whether the worked example gives what it says, rounded as it is shown."""
    given, expect = indicator.example
    with exactly():
        got = evaluate(indicator.tree, dict(given))
    return (None if got is None else rounded(got, indicator.decimals)) == expect


def _mapping(document: Any, where: str, known: set[str]) -> Mapping[str, Any]:
    _demand(isinstance(document, Mapping), where, "not a mapping")
    unknown = set(document) - known
    _demand(not unknown, where, f"unknown keys {sorted(map(str, unknown))}")
    found: Mapping[str, Any] = document
    return found


def _demand(holds: bool, where: str, why: str) -> None:
    if not holds:
        raise BrokenSubject(f"{where}: {why}")
