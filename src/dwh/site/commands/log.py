"""Commands of the log: is it whole, seal it."""

from __future__ import annotations

import click

from dwh.site.commands.base import fail, load_django
from dwh.site.usage import Group


@click.group(cls=Group)
def audit() -> None:
    """Nhật ký tự động."""


@audit.command()
def verify() -> None:
    """Kiểm tra nhật ký: bản ghi nào bị sửa, xóa, đảo thứ tự hay chèn thêm đều bị phát hiện."""
    load_django()
    from dwh.kernel.audit.services import verify as verify_log

    verdict = verify_log()
    for problem in verdict.problems:
        click.echo(problem, err=True)
    if not verdict.ok:
        fail("Nhật ký KHÔNG toàn vẹn. Giữ nguyên máy chủ và báo lãnh đạo Trung tâm CNTT.")
    click.echo(f"Nhật ký toàn vẹn: {verdict.records} bản ghi, {verdict.checkpoints} điểm niêm phong.")


@audit.command()
def seal() -> None:
    """Niêm phong các bản ghi mới của nhật ký."""
    load_django()
    from django.utils import timezone

    from dwh.kernel.audit.services import seal as seal_log

    seal_log(timezone.now())
