"""Generate docs/law/*.md (article, rule, test) and docs/subjects/*.md (every measure with unit and formula)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dwh.datapath.dictionary.figures import ADDITIVE
from dwh.datapath.semantic.catalog import load_catalog
from dwh.kernel import lawtable

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    """Write the generated pages."""
    lawtable.write_pages(DOCS / "law")
    folder = DOCS / "subjects"
    folder.mkdir(exist_ok=True)
    for subject in load_catalog().to_json()["subjects"]:
        (folder / f"{subject['name']}.md").write_text(_page(subject), encoding="utf-8")


def _page(subject: dict[str, Any]) -> str:
    lines = [
        f"# {subject['label']} (`{subject['name']}`)",
        "",
        "Generated from the subject's YAML by `make docs`.",
        "",
    ]
    lines += ["## Chiều", "", "| Chiều | Cấp |", "|---|---|"]
    for dimension in subject["dimensions"]:
        levels = ", ".join(f"{level['label']} (`{level['name']}`)" for level in dimension["levels"])
        lines.append(f"| {dimension['label']} (`{dimension['name']}`) | {levels} |")
    lines += ["", "## Chỉ tiêu", "", "| Tên | Mã | Chỉ tiêu | Đơn vị | Cộng được | Nghĩa |"]
    lines.append("|---|---|---|---|---|---|")
    for measure in subject["measures"]:
        named = f"| {measure['label']} | `{measure['name']}` | {_codes(measure)} | {measure['unit']} "
        lines.append(f"{named}| {_adds(measure['additive'])} | {measure['description']} |")
    lines += [
        "",
        "## Chỉ tiêu tính theo công thức",
        "",
        "| Tên | Mã | Chỉ tiêu | Đơn vị | Công thức | Nguồn | Trạng thái |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for one in subject["indicators"]:
        named = f"| {one['label']} | `{one['name']}` | {_codes(one)} | {one['unit']} | `{one['formula']}` "
        lines.append(f"{named}| {one['source']} | {one['status']} |")
    return "\n".join(lines) + "\n"


def _codes(value: dict[str, Any]) -> str:
    """Return the codes of docs/indicators.csv that the value answers."""
    return ", ".join(value["codes"])


def _adds(additive: Any) -> str:
    return ADDITIVE[additive if isinstance(additive, str) else additive["take"]]


if __name__ == "__main__":
    main()
