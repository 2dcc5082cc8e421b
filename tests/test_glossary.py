"""One concept, one identifier: the glossary and the code say the same."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def entries() -> list[tuple[str, list[str], list[str]]]:
    """Return per line of the first table: the term, its identifiers, the words that never stand for it."""
    table = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("## Promised")[0]
    rows = [
        line.strip("| ").split("|") for line in table.splitlines() if line.startswith("| ") and "`" in line
    ]
    return [
        (row[0].strip(), re.findall(r"`(\w+)`", row[1]), re.findall(r"\w+", row[3]) if len(row) > 3 else [])
        for row in rows
    ]


@cache
def words_of_the_code() -> frozenset[str]:
    """Return every name and every word of a name in our modules, models and subjects, as snake_case."""
    names: set[str] = set()
    for path in (ROOT / "src" / "dwh").rglob("*.py"):
        names.add(path.parent.name)
        if not {"tests", "migrations"} & set(path.parts):
            names |= _names_in(ast.parse(path.read_text(encoding="utf-8")))
    for path in [*(ROOT / "src" / "dwh").rglob("*.yaml"), *(ROOT / "src" / "dwh").rglob("*.sql")]:
        names |= set(re.findall(r"[A-Za-z_]\w+", path.read_text(encoding="utf-8")))
    snakes = {HUMP.sub("_", name).lower().strip("_") for name in names}
    return frozenset(names | snakes | {word for snake in snakes for word in snake.split("_")})


@cache
def _text() -> str:
    """Return our modules as text, for words that are values and not names."""
    paths = (path for path in (ROOT / "src" / "dwh").rglob("*.py") if "tests" not in path.parts)
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def _names_in(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg | ast.keyword):
            found.add(node.arg or "")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


@pytest.mark.parametrize(
    ("term", "identifiers", "never"), entries(), ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_term_has_its_name_in_the_code_and_no_other(term, identifiers, never):
    code = words_of_the_code()
    assert [name for name in identifiers if name not in code and f'"{name}"' not in _text()] == []
    assert [name for name in never if name in code] == [], f"«{term}» is {identifiers}"


def test_no_identifier_stands_for_two_terms():
    names = [name for _, identifiers, _ in entries() for name in dict.fromkeys(identifiers)]
    assert sorted({name for name in names if names.count(name) > 1}) == ["grant"]  # the right, and giving it
