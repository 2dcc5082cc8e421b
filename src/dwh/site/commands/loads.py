"""Commands that load files: claim XML, and exports by plan, prepared by one person and approved by another."""

from __future__ import annotations

from pathlib import Path

import click

from dwh.site.commands.base import load_django
from dwh.site.usage import Group


@click.group(cls=Group)
def load() -> None:
    """Nạp tệp: hồ sơ XML giám định, và biểu xuất theo kế hoạch (chuẩn bị, rồi người khác duyệt)."""


@load.command("claims")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
def load_claims(file: Path) -> None:
    """Nạp một tệp hồ sơ giám định (zip hoặc XML, GIAMDINHHS). Nạp lại cùng tệp không đổi gì."""
    load_django()
    from dwh.operations.loads import command
    from dwh.site.settings import datapath_settings

    command.load_claims(file, into=datapath_settings(), say=click.echo, warn=_warn)


@load.command("preview")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@click.option("--plan", required=True, help="Số kế hoạch, ví dụ 1234/KH-BHXH.")
@click.option("--as", "email", required=True, help="Thư điện tử của người chuẩn bị.")
@click.option("--report", default="", help="Biểu (b01, b02, b04, b21, b26) khi tệp không nói rõ.")
def load_preview(file: Path, plan: str, email: str, report: str) -> None:
    """Xem trước một biểu xuất và trình duyệt; chưa nạp dòng nào."""
    load_django()
    from dwh.operations.loads import command
    from dwh.site.settings import datapath_settings

    command.prepare(file, plan, email, into=datapath_settings(), report=report, say=click.echo)


@load.command("approve")
@click.argument("number", metavar="SỐ", type=int)
@click.option("--as", "email", required=True, help="Thư điện tử của người duyệt, khác người chuẩn bị.")
def load_approve(number: int, email: str) -> None:
    """Duyệt và nạp một tệp đã chuẩn bị, đúng như bản xem trước."""
    load_django()
    from dwh.operations.loads import command
    from dwh.site.settings import datapath_settings

    command.approve(number, email, into=datapath_settings(), say=click.echo)


@load.command("decline")
@click.argument("number", metavar="SỐ", type=int)
@click.option("--as", "email", required=True, help="Thư điện tử của người duyệt.")
@click.option("--reason", required=True, help="Lý do không duyệt.")
def load_decline(number: int, email: str, reason: str) -> None:
    """Không duyệt một tệp đã chuẩn bị."""
    load_django()
    from dwh.operations.loads import command

    command.decline(number, email, reason, say=click.echo)


@load.command("list")
def load_list() -> None:
    """Liệt kê các lần nạp theo kế hoạch, mới nhất trước."""
    load_django()
    from dwh.operations.loads import command

    for line in command.lines():
        click.echo(line)


def _warn(message: str) -> None:
    click.echo(message, err=True)
