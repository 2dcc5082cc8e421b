"""One table says how long data are kept, one function removes, and it asks the table."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dwh.datapath.retention.removal import (
    KEEP_LABELS,
    PERMANENT,
    Kept,
    Permit,
    may_remove,
    remove,
    retention_table,
)

DATAPATH = Path(__file__).parents[2]
THE_ONE = DATAPATH / "retention/removal.py"
OFFICIAL = ("release", "part", "batch", "decision", "log")


@pytest.mark.req("B-21")
@pytest.mark.law("QĐ-2366 4.2.3")
def test_official_figures_and_their_evidence_are_kept_for_good():
    table = retention_table()
    assert {code for code, one in table.items() if one.keep == PERMANENT} == set(OFFICIAL)
    assert all(one.keep in KEEP_LABELS and one.label and one.where for one in table.values())
    assert all(one.article for one in table.values() if one.is_official)


@pytest.mark.req("B-21")
@pytest.mark.parametrize("code", OFFICIAL)
def test_what_is_kept_for_good_is_removed_only_under_a_permit_that_names_it(tmp_path, code):
    (path := tmp_path / "x.parquet").write_bytes(b"figures")
    other = Permit(1, "another", "Giám đốc", "1/QĐ", "Lý do.")
    for permit in (None, other):
        with pytest.raises(Kept, match="lưu lâu dài"):
            remove(path, code, what="x", permit=permit)
        assert not may_remove(code, "x", permit)
    assert path.read_bytes() == b"figures"
    assert remove(path, code, what="x", permit=Permit(2, "x", "Giám đốc", "2/QĐ", "Lý do."))
    assert not path.exists()


def test_what_was_never_public_goes_and_what_is_not_there_is_told(tmp_path):
    (folder := tmp_path / "spill").mkdir()
    (folder / "1.tmp").touch()
    (link := tmp_path / "link").symlink_to(tmp_path)
    assert remove(folder, "work")
    assert remove(link, "candidate")
    assert tmp_path.is_dir()
    assert not remove(folder, "work")


def test_a_class_nobody_wrote_down_removes_nothing(tmp_path):
    with pytest.raises(KeyError):
        remove(tmp_path, "anything")
    assert tmp_path.is_dir()


def removals(path: Path) -> list[str]:
    """Return the calls of a module that take a file away by themselves."""
    banned = {"unlink", "rmtree", "rmdir", "removedirs", "remove_tree"}
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [call.func for call in calls if isinstance(call.func, ast.Attribute)]
    found = [f"{path.name}:{func.lineno} {func.attr}" for func in named if func.attr in banned]
    return found + [
        f"{path.name}:{func.lineno} os.remove"
        for func in named
        if func.attr == "remove" and isinstance(func.value, ast.Name) and func.value.id == "os"
    ]


@pytest.mark.req("B-21")
def test_no_other_place_of_the_data_path_removes_a_file():
    modules = [path for path in DATAPATH.rglob("*.py") if "tests" not in path.parts and path != THE_ONE]
    assert [call for path in modules for call in removals(path)] == []
    assert len(removals(THE_ONE)) == 2
