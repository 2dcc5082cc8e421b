"""Every action the program can put on record has words for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dwh.kernel.audit.fact_words import FACT_WORDS, UNTOLD
from dwh.kernel.audit.words import ACTION_WORDS, CHANNEL_WORDS, action_words

SOURCE = Path(__file__).parents[3]
WRITERS = {
    "record": 0,
    "record_denied": 0,
    "record_sign_in": 0,
    "_write": 1,
    "_on_record": 1,
}  # where the action is
INDIRECT = {"error.code", "action"}  # a refusal's code, found with its class; the writers' own parameter


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def texts_of(tree: ast.Module) -> dict[str, str]:
    """Return the text constants of a module by name."""
    return {
        target.id: node.value.value
        for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip


def recorded(tree: ast.Module) -> Iterator[str]:
    """Yield the actions a module records; an expression nobody can read is yielded as it is written.

    The data path records none: it knows no log.
    """
    constants = texts_of(tree)
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name in WRITERS and isinstance(node, ast.Call) and node.args:
            given = node.args[WRITERS[name]]
            said = given.value if isinstance(given, ast.Constant) else constants.get(ast.unparse(given))
            yield str(said or ast.unparse(given))


def error_codes(tree: ast.Module) -> Iterator[str]:
    """Yield the codes of the refusals a module defines: the middleware records a refusal under its code."""
    for node in (one for top in ast.walk(tree) if isinstance(top, ast.ClassDef) for one in top.body):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            pair = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            name, value = (target.elts[0], node.value.elts[0]) if pair else (target, node.value)
            if getattr(name, "id", "") == "code" and isinstance(value, ast.Constant):
                yield str(value.value)


def test_every_action_and_every_refusal_the_code_records_has_words():
    found = {
        (name, action)
        for name, tree in modules()
        for action in (*(recorded(tree) if not name.startswith("datapath/") else ()), *error_codes(tree))
        if action not in INDIRECT
    }
    assert len({action for _, action in found}) > 30
    assert sorted((name, action) for name, action in found if action not in ACTION_WORDS) == []
    assert sorted(ACTION_WORDS.keys() - {action for _, action in found}) == [], (
        "words for what nobody records"
    )


def facts_of(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the facts a module gives a record by keyword."""
    columns = {"by", "about", "purpose", "org_code"}
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name in {*WRITERS, "log_query"} and isinstance(node, ast.Call):
            yield from {word.arg for word in node.keywords if word.arg} - columns


def test_every_fact_the_code_records_has_words():
    found = {fact for name, tree in modules() if not name.startswith("datapath/") for fact in facts_of(tree)}
    technical = {
        "facts",
        "before",
        "after",
        "filters",
        "parameters",
        "scope",
        "personal",
    }  # told by what they hold

    assert len(found) > 60
    assert sorted(found - FACT_WORDS.keys() - UNTOLD - technical) == []
    assert [words for words in FACT_WORDS.values() if "_" in words] == []


def names_a_class(called: ast.expr) -> bool:
    """Tell whether a call makes a value of a class: a function that words a refusal has arguments of its own."""
    return isinstance(called, ast.Name) and called.id[:1].isupper()


def refused_with(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the facts the refusals of a module carry: the frame records them with the refusal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and names_a_class(node.exc.func):
            yield from {word.arg for word in node.exc.keywords if word.arg}


def test_every_fact_a_refusal_carries_has_words():
    found = {fact for _, tree in modules() for fact in refused_with(tree)}

    assert len(found) > 40
    assert sorted(found - FACT_WORDS.keys() - UNTOLD) == []


def test_words_are_words():
    assert len(set(ACTION_WORDS.values())) == len(ACTION_WORDS)
    assert not [
        words for words in (*ACTION_WORDS.values(), *CHANNEL_WORDS.values()) if "." in words or "_" in words
    ]


@pytest.mark.parametrize(
    ("action", "words"), [("export.made", "Kết xuất số liệu ra tệp"), ("old.name", "old.name")]
)
def test_an_action_of_an_older_program_reads_as_it_was_written(action, words):
    assert action_words(action) == words
