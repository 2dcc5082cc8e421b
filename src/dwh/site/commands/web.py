"""Commands of the web: serve it, its worker, the governance database."""

from __future__ import annotations

import click

from dwh.site.commands.base import load_django
from dwh.site.usage import Group


@click.group(cls=Group)
def web() -> None:
    """Trang web, tiến trình nền và cơ sở dữ liệu quản trị."""


@web.command()
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """Phục vụ trang web trên 127.0.0.1."""
    load_django()
    from dwh.site.server import serve as serve_web

    serve_web(port)


@web.command()
def worker() -> None:
    """Chạy tiến trình nền: lượt chạy, lịch, niêm phong nhật ký."""
    load_django()
    from dwh.operations.runs.worker import serve as serve_worker
    from dwh.site.settings import datapath_settings

    serve_worker(datapath_settings())


@web.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[THAM SỐ]...", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Chạy một lệnh quản trị của Django (migrate, check, collectstatic…)."""
    load_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["dwh web manage", *arguments])
