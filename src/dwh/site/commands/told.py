"""Commands that tell: a question answered, the catalogue, the dictionary, the rows of the mission that are proven."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dwh.site.commands.base import fail, load_django
from dwh.site.usage import Command


@click.command(cls=Command)
@click.argument("query", metavar="TỆP", type=click.Path(allow_dash=True))
@click.option("--as", "email", required=True, help="Thư điện tử của tài khoản hỏi.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json")
def ask(query: str, email: str, form: str) -> None:
    """Hỏi số liệu bằng một tài liệu truy vấn JSON, với quyền của một tài khoản."""
    load_django()
    from dwh.operations.runs.command import answer_as, written

    answer = answer_as(email, _read(query))
    click.echo(written(answer, form), nl=form == "json")
    for note in answer.notes if form == "csv" else ():  # JSON carries them itself
        click.echo(note, err=True)


def _read(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        fail(f"Không đọc được tệp truy vấn «{path}». Kiểm tra tên tệp và bảng mã UTF-8.")


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def catalog(as_json: bool) -> None:
    """Liệt kê chủ đề, chiều, chỉ tiêu với đơn vị và tính cộng được."""
    from dwh.datapath.semantic.catalog import load_catalog

    found = load_catalog().to_json()
    click.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def dictionary(as_json: bool) -> None:
    """In từ điển dữ liệu: bảng, cột, chỉ tiêu, đơn vị tính, lớp dữ liệu cá nhân, nguồn gốc từng cột."""
    from dwh.datapath.dictionary.collect import load_dictionary

    found = load_dictionary().to_json()
    click.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def law(as_json: bool) -> None:
    """In các dòng yêu cầu đã được kiểm thử chứng minh."""
    from dwh.kernel import lawtable

    click.echo(json.dumps(lawtable.law_status(), ensure_ascii=False) if as_json else lawtable.text())
