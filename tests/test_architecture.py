"""The house, held by tests: imports go one way, nothing hides an import, sizes only shrink (house §3, §16)."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dwh"
LATE_IMPORTS = (
    "src/dwh/site/cli.py",
    "src/dwh/site/commands/",
)  # Django is loaded only by the commands that need it
CAPS = {"files": 400, "functions": 40, "parameters": 6, "views": 20, "tests": 25, "packages": 2500}
WITH_ROOMS = (
    "src/dwh/datapath/pipeline/",
    "src/dwh/datapath/semantic/",
    "src/dwh/datapath/warehouse/",
    "src/dwh/datapath/sources/",
    "src/dwh/datapath/semantic/",
    "src/dwh/operations/runs/",
    "src/dwh/delivery/dashboards/",
)  # their folders are packages of their own
RUNTIME_DEPENDENCIES = 20
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*, tests: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the name and text of our modules; with `tests`, of our test modules."""
    folders = [SOURCE, ROOT / "demo", ROOT / "tests"] if tests else [SOURCE]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        ours = path.name.startswith("test_") if tests else not {"tests", "migrations"} & set(path.parts)
        if ours:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def functions(text: str) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, Function))


def lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def parameters(node: Function) -> int:
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def sizes(kind: str) -> dict[str, int]:
    """Return the size of everything the budget `kind` is about."""
    if kind == "files":
        return {name: text.count("\n") for name, text in files()}
    if kind == "packages":
        counted: Counter[str] = Counter()
        for name, text in files():
            depth = 5 if name.startswith(WITH_ROOMS) and name.count("/") > 4 else 4
            counted["/".join(name.split("/")[:depth])] += text.count("\n")
        return {name: size for name, size in counted.items() if not name.endswith(".py")}
    found = {
        f"{name}::{node.name}": node
        for name, text in files(tests=kind == "tests")
        for node in functions(text)
    }
    if kind == "tests":
        found = {name: node for name, node in found.items() if node.name.startswith("test_")}
    if kind == "views":
        found = {name: node for name, node in found.items() if name.partition("::")[0].endswith("views.py")}
    return {name: parameters(node) if kind == "parameters" else lines(node) for name, node in found.items()}


@pytest.mark.parametrize("kind", CAPS)
def test_nothing_grows_over_its_budget(kind):
    known = tomllib.loads((ROOT / "tests" / "budgets.toml").read_text(encoding="utf-8")).get(kind, {})
    large = {name: size for name, size in sizes(kind).items() if size > CAPS[kind]}
    assert {name: size for name, size in large.items() if size > known.get(name, 0)} == {}
    assert sorted(known.keys() - large.keys()) == [], "take what fits now out of tests/budgets.toml"


def test_the_web_needs_few_packages():
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    builds = {
        name.partition(">")[0] for name in read["build-system"]["requires"]
    }  # no line of ours imports it
    needed = [name for name in read["project"]["dependencies"] if name.partition(">")[0] not in builds]
    assert len(needed) <= RUNTIME_DEPENDENCIES


def test_every_import_stands_at_the_top_of_its_module():
    late = [
        f"{name}::{node.name}"
        for name, text in files()
        if not name.startswith(LATE_IMPORTS)
        for node in functions(text)
        if any(isinstance(inner, (ast.Import, ast.ImportFrom)) for inner in ast.walk(node))
    ]
    assert late == []


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py"}
    assert [name for name, _ in files() if name.rpartition("/")[2] in drawers] == []


def test_rules_know_no_database_no_request_and_no_clock():
    banned = ("from django", "import django", "dwh.kernel.audit", ".now(", ".today(", "localdate(")
    rules = {name: text for name, text in files() if name.endswith("/rules.py")}
    assert rules
    assert [(name, word) for name, text in rules.items() for word in banned if word in text] == []


def test_the_kernel_knows_nobody_above_it():
    for name, text in files():
        if name.startswith("src/dwh/kernel/"):
            assert "from dwh.governance" not in text, name
            assert "from dwh.datapath" not in text, name


def test_governed_rows_are_written_only_by_services_and_the_log():
    """A page that saves a row would write around the rule, the transaction and the record."""
    verbs = {"save", "delete", "bulk_create", "get_or_create", "update_or_create"}
    may = ("services.py", "models.py", "watching.py", "sealing.py", "signin.py")
    writes = [
        f"{name}:{node.lineno}"
        for name, text in files()
        if name.startswith(("src/dwh/governance", "src/dwh/delivery", "src/dwh/operations", "src/dwh/site"))
        and not name.endswith(may)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs
    ]
    assert writes == []


def test_the_gate_stays_small():
    assert sizes("files")["src/dwh/governance/gate.py"] <= 200


def test_every_verb_that_leaves_a_record_names_its_source():
    silent = [
        f"{name}::{node.name}"
        for name, text in files()
        if name.endswith("/services.py")
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if _leaves_a_record(node) and "Source:" not in (ast.get_docstring(node) or "")
    ]
    assert silent == []


def _leaves_a_record(node: ast.FunctionDef) -> bool:
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return bool(
        {call.id for call in calls if isinstance(call, ast.Name)} & {"record", "record_sign_in", "log_query"}
    )


@pytest.mark.slow
def test_imports_go_one_way():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin", "DWH_SECRET_KEY": "test"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "0 broken" in done.stdout
