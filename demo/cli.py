"""`dwh demo …`: build and serve the demonstration, list its accounts."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import click

from demo.accounts import area_label, unit_names
from demo.build import DemoFailed, build, home_from_environment, scale_from_environment
from demo.people import load_people
from demo.serve import ports_must_be_free, serve
from dwh.site.usage import Group


@click.group(cls=Group)
def demo() -> None:
    """Bản trình diễn: hệ thống nguồn thu nhỏ, IAM và tài khoản mẫu (người và số liệu đều hư cấu)."""


def _clearly(work: Callable[[], None]) -> None:
    try:
        work()
    except DemoFailed as failed:
        click.echo(str(failed), err=True)
        sys.exit(1)


@demo.command("build")
def build_command() -> None:
    """Dựng bản trình diễn rồi thoát."""
    _clearly(lambda: build(home_from_environment(), scale=scale_from_environment(), say=click.echo))


@demo.command("serve")
def serve_command() -> None:
    """Dựng (nếu chưa có) và phục vụ đến khi dừng."""

    def work() -> None:
        home = home_from_environment()
        scale = scale_from_environment()
        ports_must_be_free(home)
        build(home, scale=scale, say=click.echo)
        click.echo(_table(home.password_file.read_text(encoding="utf-8")))
        serve(home, say=click.echo)

    _clearly(work)


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def accounts(as_json: bool) -> None:
    """Liệt kê tài khoản mẫu: thư điện tử, vai trò, địa bàn."""
    if as_json:
        click.echo(json.dumps(_accounts(), ensure_ascii=False))
        return
    home = home_from_environment()
    known = home.password_file.is_file()
    click.echo(_table(home.password_file.read_text(encoding="utf-8") if known else "(chạy make demo để tạo)"))


ROLES = {
    "central_admin": "Quản trị ứng dụng Trung ương",
    "province_admin": "Quản trị ứng dụng Tỉnh",
    "analyst": "Khai thác chỉ tiêu, báo cáo",
    "leadership": "Lãnh đạo xem bảng thông tin",
    "": "Có IAM, chưa có tài khoản DWH",
}


def _accounts() -> list[dict[str, Any]]:
    names = unit_names(home_from_environment().path)
    return [
        {
            "email": person.email,
            "name": person.name,
            "role": person.group or "none",
            "role_label": ROLES[person.group],
            "area": person.org_code,
            "area_label": area_label(person, names),
            "subjects": list(person.subjects),
        }
        for person in load_people()
    ]


def _table(password: str) -> str:
    heads = ("Tài khoản", "Họ và tên", "Vai trò", "Địa bàn", "Mật khẩu")
    rows = [(a["email"], a["name"], a["role_label"], a["area_label"] or "–", password) for a in _accounts()]
    widths = [max(_width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = [
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 1 for c in text)
