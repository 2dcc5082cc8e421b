"""Which rows of the mission and which articles of the law are carried out by code and proven by a test that ran.

Read from the source text alone: `@cites` on rules, `@pytest.mark.req` and `@pytest.mark.law` on tests. A test that
is skipped proves nothing; what the last run said is in pytest's cache, when there was one.
"""

from __future__ import annotations

import ast
import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dwh.kernel.errors import Invalid, NotFound
from dwh.kernel.law import DOCUMENTS, Document

ROOT = Path(__file__).resolve().parents[3]
TEST_FOLDERS = ("src", "demo", "tests", "bench")
OUTCOMES = Path(".pytest_cache/v/dwh/outcomes")
NEVER_RUNS, MAY_SKIP = {"skip", "xfail"}, {"skipif"}
LAW_NAMES = {"QC_DWH": "QC-DWH", "QD_2366": "QĐ-2366", "CV_907": "CV-907", "QD_3582": "QĐ-3582",
             "CV_BVDLCN": "CV-BVDLCN"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkedTest:
    """One test and the rows and articles it claims to prove."""

    id: str
    rows: frozenset[str]
    articles: frozenset[str]
    runs: bool


def law_status(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """Return for every row of the mission whether it is proven, by which tests, and why it is waived if it is.

    Raises:
        NotFound: this is not a checkout, so there are no tests to look at.
        Invalid: a test names a row that does not exist.
    """
    rows = requirements(root)
    tests = marked_tests(root)
    unknown = sorted({row for test in tests for row in test.rows} - rows.keys())
    if unknown:
        raise Invalid(f"Kiểm thử nêu dòng yêu cầu không có: {', '.join(unknown)}. Sửa dấu @pytest.mark.req.")
    proofs = {row: sorted(t.id for t in tests if row in t.rows and t.runs) for row in rows}
    waived = waivers(root)
    return {
        row: {"proven": bool(proofs[row]), "tests": proofs[row], "waived": waived.get(row)} for row in rows
    }


def requirements(root: Path = ROOT) -> dict[str, dict[str, str]]:
    """Return the rows of docs/requirements.csv by id."""
    path = root / "docs" / "requirements.csv"
    if not path.exists():
        raise NotFound("Không thấy docs/requirements.csv. Chạy lệnh này trong thư mục mã nguồn của dự án.")
    with path.open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def waivers(root: Path = ROOT) -> dict[str, str]:
    """Return row or article → why it is not carried out yet: a later capability, or an ADR."""
    path = root / "docs" / "law" / "waivers.toml"
    if not path.exists():
        return {}
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["waiver"]
    return {name: entry["why"] for entry in entries for name in entry["what"]}


def marked_tests(root: Path = ROOT) -> list[MarkedTest]:
    """Return every test that claims a row or an article, in the order of its id."""
    outcomes = _last_outcomes(root)
    files = sorted(path for folder in TEST_FOLDERS for path in (root / folder).rglob("test_*.py"))
    return [test for path in files for test in _tests_in(path, root, outcomes)]


def rules_citing(root: Path = ROOT) -> dict[str, list[str]]:
    """Return article → the functions that cite it, from the source text."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "@cites" not in text:
            continue
        module = ".".join(path.relative_to(root / "src").with_suffix("").parts)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                for article in _cited_by(node):
                    found.setdefault(article, []).append(f"{module}.{node.name}")
    return found


def text(root: Path = ROOT) -> str:
    """Return the table `make law` prints: per group, the rows proven and the rows open."""
    status, rows = law_status(root), requirements(root)
    groups: dict[str, list[str]] = {}
    for row in rows.values():
        groups.setdefault(f"{row['id'][0]}  {row['group']}", []).append(row["id"])
    lines = []
    for group, ids in groups.items():
        proven = [row for row in ids if status[row]["proven"]]
        lines.append(f"{group}: {len(proven)}/{len(ids)}")
        lines += [f"     đã chứng minh: {', '.join(proven)}"] if proven else []
    total = sum(1 for entry in status.values() if entry["proven"])
    return "\n".join([*lines, f"Tổng cộng: {total}/{len(rows)} dòng yêu cầu đã được kiểm thử chứng minh."])


def open_articles(root: Path = ROOT) -> list[str]:
    """Return the articles that are the system's duty and have neither rule and test nor a waiver."""
    rules, waived = rules_citing(root), waivers(root)
    tested = {article for test in marked_tests(root) if test.runs for article in test.articles}
    return [
        str(article)
        for document in DOCUMENTS
        for article in document.articles.values()
        if article.duty == "system"
        and str(article) not in waived
        and not (str(article) in rules and str(article) in tested)
    ]


def write_pages(folder: Path, root: Path = ROOT) -> list[Path]:
    """Write <document>.md into `folder` for every document; return the files."""
    rules, waived, tests = rules_citing(root), waivers(root), marked_tests(root)
    written = []
    for document in DOCUMENTS:
        path = folder / f"{document.name.replace('Đ', 'D').lower()}.md"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_page(document, rules, tests, waived), encoding="utf-8")
        written.append(path)
    return written


def _page(
    document: Document, rules: Mapping[str, list[str]], tests: list[MarkedTest], waived: Mapping[str, str]
) -> str:
    lines = [
        f"# {document.name}",
        "",
        document.title + ".",
        "",
        "Tệp này do `make docs` tạo ra; không sửa tay.",
        "",
    ]
    lines += ["| Điều | Nội dung | Trách nhiệm | Quy tắc | Kiểm thử |", "|---|---|---|---|---|"]
    duties = {"system": "hệ thống", "people": "con người", "none": "không đặt việc"}
    for number, article in document.articles.items():
        name = str(article)
        proofs = sorted(t.id.rpartition("::")[2] for t in tests if name in t.articles and t.runs)
        rule = "<br>".join(f"`{r}`" for r in rules.get(name, [])) or waived.get(name, "")
        lines.append(
            f"| {number} | {article.text} | {duties[article.duty]} | {rule} | "
            f"{'<br>'.join(f'`{p}`' for p in proofs)} |"
        )
    return "\n".join(lines) + "\n"


def _tests_in(path: Path, root: Path, outcomes: Mapping[str, str]) -> Iterator[MarkedTest]:
    text = path.read_text(encoding="utf-8")
    if "pytest.mark.req" not in text and "pytest.mark.law" not in text:
        return
    module = ast.parse(text)
    shared = [node.value for node in module.body if isinstance(node, ast.Assign) and _is_pytestmark(node)]
    for names, node, marks in _functions(module.body, shared):
        name = "::".join([path.relative_to(root).as_posix(), *names, node.name])
        found = {kind: _marked(kind, [*marks, *node.decorator_list]) for kind in ("req", "law")}
        if found["req"] or found["law"]:
            runs = _runs([*marks, *node.decorator_list], outcomes.get(name))
            yield MarkedTest(name, found["req"], found["law"], runs)


def _functions(
    body: list[ast.stmt], marks: list[ast.expr], names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef, list[ast.expr]]]:
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield names, node, marks
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _functions(node.body, [*marks, *node.decorator_list], (*names, node.name))


def _is_pytestmark(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)


def _mark_names(marks: list[ast.expr]) -> set[str]:
    """Return the names after `pytest.mark.` anywhere in these decorators."""
    return {
        node.attr
        for mark in marks
        for node in ast.walk(mark)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "mark"
    }


def _marked(kind: str, marks: list[ast.expr]) -> frozenset[str]:
    """Return the words given to every `pytest.mark.<kind>(…)` in these decorators."""
    calls = (node for mark in marks for node in ast.walk(mark) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == kind)
    words = (arg.value for call in named for arg in call.args if isinstance(arg, ast.Constant))
    return frozenset(word for word in words if isinstance(word, str))


def _runs(marks: list[ast.expr], outcome: str | None) -> bool:
    """Tell whether the test really runs: never when skipped by mark, else as the last run said."""
    names = _mark_names(marks)
    if names & NEVER_RUNS:
        return False
    return outcome == "passed" if outcome is not None or names & MAY_SKIP else True


def _cited_by(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        for call in ast.walk(decorator):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "art"
            ):
                document, number = call.func.value, call.args[0]
                if isinstance(document, ast.Name) and isinstance(number, ast.Constant):
                    yield f"{LAW_NAMES[document.id]} {number.value!s}"


def _last_outcomes(root: Path) -> dict[str, str]:
    path = root / OUTCOMES
    if not path.exists():
        return {}
    outcomes: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return outcomes
