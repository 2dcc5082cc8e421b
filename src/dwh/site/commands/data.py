"""Commands of the data path: read, build, publish, compare, check, remove; pause one source."""

from __future__ import annotations

from datetime import datetime

import click

from dwh.site.commands.base import fail, load_django
from dwh.site.usage import Command, Group


def _do(
    kind: str,
    source: str = "",
    *,
    full: bool = False,
    accept_loss: tuple[str, ...] = (),
    outside_window: bool = False,
) -> None:
    load_django()
    from dwh.datapath.pipeline.order import Order
    from dwh.operations.runs.command import run_here
    from dwh.site.settings import datapath_settings

    order = Order(full=full, accept_loss=frozenset(accept_loss))
    settings = datapath_settings().outside_windows() if outside_window else datapath_settings()
    outcome = run_here(kind, source, settings=settings, order=order)
    if outcome.state != "succeeded" or (outcome.report or {}).get("grave"):
        fail(outcome.message)
    click.echo(outcome.message)


@click.command(cls=Command)
@click.argument("source", metavar="[NGUỒN]", default="")
@click.option(
    "--outside-window", is_flag=True, help="Đọc cả ngoài khung giờ của nguồn; lượt chạy ghi lại điều đó."
)
def sync(source: str, outside_window: bool) -> None:
    """Đọc dữ liệu mới từ một nguồn (hoặc mọi nguồn khi không nêu tên)."""
    _do("sync", source, outside_window=outside_window)


@click.group(cls=Group)
def source() -> None:
    """Một nguồn: tạm dừng, cho đọc tiếp."""


@source.command("pause")
@click.argument("name")
@click.option("--reason", required=True, help="Lý do tạm dừng.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Tạm dừng đến hết ngày này (2026-12-31).")
def pause_source(name: str, reason: str, until: datetime | None) -> None:
    """Tạm dừng một nguồn: lịch và mọi lượt đọc bỏ qua nó, các nguồn khác vẫn đọc."""
    load_django()
    from dwh.operations.runs import command

    click.echo(command.pause_here(name, reason, until.date() if until else None))


@source.command("resume")
@click.argument("name")
def resume_source(name: str) -> None:
    """Cho đọc tiếp một nguồn đang tạm dừng."""
    load_django()
    from dwh.operations.runs import command

    click.echo(command.resume_here(name))


@click.command(cls=Command)
@click.option(
    "--full", is_flag=True, help="Tổng hợp lại mọi phần từ dữ liệu gốc, như khi một tệp số liệu bị hỏng."
)
@click.option(
    "--accept-loss", multiple=True, metavar="BẢNG",
    help="Vẫn tổng hợp dù bảng nguồn này mất nhiều dòng: đã hỏi đơn vị quản lý nguồn. Ghi vào nhật ký.",
)  # fmt: skip
def build(full: bool, accept_loss: tuple[str, ...]) -> None:
    """Chuẩn hóa, kiểm tra và tổng hợp một bản mới từ dữ liệu đã đọc."""
    _do("build", full=full, accept_loss=accept_loss)


@click.command(cls=Command)
def stale() -> None:
    """Cho biết lần tổng hợp tới làm lại bảng nào, vì sao, mấy tháng, chỉ tiêu và báo cáo nào đổi; chưa làm gì."""
    load_django()
    from dwh.operations.runs.ahead import sentences
    from dwh.site.settings import datapath_settings

    for sentence in sentences(datapath_settings()):
        click.echo(sentence)


@click.command(cls=Command)
def publish() -> None:
    """Công bố bản đã tổng hợp."""
    _do("publish")


@click.command(cls=Command)
def run() -> None:
    """Đọc mọi nguồn, tổng hợp và công bố."""
    _do("run")


@click.command(cls=Command)
@click.argument("source", metavar="[NGUỒN]", default="")
def reconcile(source: str) -> None:
    """Đối soát bản đang công bố với một nguồn (hoặc mọi nguồn)."""
    _do("reconcile", source)


@click.command("remove-release", cls=Command)
@click.argument("release", metavar="BẢN")
def remove_release(release: str) -> None:
    """Xóa một bản công bố cũ, chỉ khi trang Thời hạn lưu giữ có quyết định cho đúng bản đó."""
    load_django()
    from django.utils import timezone

    from dwh.operations.retention.services import remove_release as remove
    from dwh.operations.runs.command import operator
    from dwh.site.settings import datapath_settings

    done = remove(release, settings=datapath_settings(), by=operator(), now=timezone.now())
    click.echo(f"Đã xóa bản {done.release} và {done.parts} phần chỉ bản đó dùng, {done.bytes} byte.")


@click.command("check-db", cls=Command)
def check_db() -> None:
    """Kiểm tra CSDL: từng tệp với dấu sha256, số dòng, dòng trỏ sai, nguồn, nhật ký, dung lượng. Mã 1 khi có lỗi."""
    _do("check")
