"""The one entry point `dwh`: each command is one call. Django is loaded by the commands that need it."""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from dwh.kernel.errors import DwhError
from dwh.kernel.machine import machine_fault
from dwh.site.usage import Group, usage_words

INTERRUPTED = 130  # exit code of a program ended by SIGINT, as shells say it
# as SQLite and PostgreSQL say that a table or column of this program is not there
_NOT_MIGRATED = re.compile(r'no such (table|column)|(relation|column) "?[\w.]+"? does not exist')


class Commands(Group):
    """Turns a refusal, or a fault, into one Vietnamese line on stderr and exit code 1; a wrong command is code 2."""

    def make_context(self, *args: Any, **settings: Any) -> click.Context:
        try:
            return super().make_context(*args, **settings)
        except click.UsageError as error:  # of `dwh` itself; those of its commands come out of `invoke`
            _explain(error)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DwhError as refusal:
            _fail(refusal.message_vi)
        except click.UsageError as error:
            _explain(error)
        except KeyboardInterrupt:
            _fail("Đã dừng theo Ctrl+C. Chạy lại lệnh khi cần.", INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise  # click's own: help was shown
        except Exception as fault:
            if os.environ.get("DWH_TRACEBACK"):
                raise
            _fail(_words_of(fault))


def _fail(message: str, code: int = 1) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _explain(error: click.UsageError) -> NoReturn:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        raise error  # a group without a command shows its help
    _fail(usage_words(error), error.exit_code)


def _words_of(fault: Exception) -> str:
    """Return one line for what nobody foresaw; settings that are missing already speak for themselves."""
    said = " ".join(str(fault).split())[:300]
    if type(fault) is RuntimeError:
        return said
    if _NOT_MIGRATED.search(said):
        return "Cơ sở dữ liệu quản trị chưa có bảng của phiên bản này. Chạy `dwh web manage migrate` rồi chạy lại."
    return machine_fault(fault) or (
        f"Lỗi chương trình ({type(fault).__name__}: {said}). Số liệu đang công bố giữ nguyên. "
        "Đặt DWH_TRACEBACK=1, chạy lại và gửi kết quả cho Trung tâm CNTT."
    )


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dwh.site.settings")
    import django

    django.setup()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """DWH BHXH: kho dữ liệu tập trung của Bảo hiểm xã hội Việt Nam."""


def _do(
    kind: str,
    source: str = "",
    *,
    full: bool = False,
    accept_loss: tuple[str, ...] = (),
    outside_window: bool = False,
) -> None:
    _django()
    from dwh.datapath.pipeline.order import Order
    from dwh.operations.runs.command import run_here
    from dwh.site.settings import datapath_settings

    order = Order(full=full, accept_loss=frozenset(accept_loss))
    settings = datapath_settings().outside_windows() if outside_window else datapath_settings()
    outcome = run_here(kind, source, settings=settings, order=order)
    if outcome.state != "succeeded" or (outcome.report or {}).get("grave"):
        _fail(outcome.message)
    click.echo(outcome.message)


@main.command()
@click.argument("source", metavar="[NGUỒN]", default="")
@click.option(
    "--outside-window", is_flag=True, help="Đọc cả ngoài khung giờ của nguồn; lượt chạy ghi lại điều đó."
)
def sync(source: str, outside_window: bool) -> None:
    """Đọc dữ liệu mới từ một nguồn (hoặc mọi nguồn khi không nêu tên)."""
    _do("sync", source, outside_window=outside_window)


@main.group()
def source() -> None:
    """Một nguồn: tạm dừng, cho đọc tiếp."""


@source.command("pause")
@click.argument("name")
@click.option("--reason", required=True, help="Lý do tạm dừng.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Tạm dừng đến hết ngày này (2026-12-31).")
def pause_source(name: str, reason: str, until: datetime | None) -> None:
    """Tạm dừng một nguồn: lịch và mọi lượt đọc bỏ qua nó, các nguồn khác vẫn đọc."""
    _django()
    from dwh.operations.runs import command

    click.echo(command.pause_here(name, reason, until.date() if until else None))


@source.command("resume")
@click.argument("name")
def resume_source(name: str) -> None:
    """Cho đọc tiếp một nguồn đang tạm dừng."""
    _django()
    from dwh.operations.runs import command

    click.echo(command.resume_here(name))


@main.command()
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


@main.command()
def stale() -> None:
    """Cho biết lần tổng hợp tới làm lại bảng nào, vì sao, mấy tháng, chỉ tiêu và báo cáo nào đổi; chưa làm gì."""
    _django()
    from dwh.operations.runs.ahead import sentences
    from dwh.site.settings import datapath_settings

    for sentence in sentences(datapath_settings()):
        click.echo(sentence)


@main.command()
def publish() -> None:
    """Công bố bản đã tổng hợp."""
    _do("publish")


@main.command()
def run() -> None:
    """Đọc mọi nguồn, tổng hợp và công bố."""
    _do("run")


@main.command()
@click.argument("source", metavar="[NGUỒN]", default="")
def reconcile(source: str) -> None:
    """Đối soát bản đang công bố với một nguồn (hoặc mọi nguồn)."""
    _do("reconcile", source)


@main.command("remove-release")
@click.argument("release", metavar="BẢN")
def remove_release(release: str) -> None:
    """Xóa một bản công bố cũ, chỉ khi trang Thời hạn lưu giữ có quyết định cho đúng bản đó."""
    _django()
    from django.utils import timezone

    from dwh.operations.retention.services import remove_release as remove
    from dwh.operations.runs.command import operator
    from dwh.site.settings import datapath_settings

    done = remove(release, settings=datapath_settings(), by=operator(), now=timezone.now())
    click.echo(f"Đã xóa bản {done.release} và {done.parts} phần chỉ bản đó dùng, {done.bytes} byte.")


@main.command("check-db")
def check_db() -> None:
    """Kiểm tra CSDL: từng tệp với dấu sha256, số dòng, dòng trỏ sai, nguồn, nhật ký, dung lượng. Mã 1 khi có lỗi."""
    _do("check")


@main.command()
@click.argument("query", metavar="TỆP", type=click.Path(allow_dash=True))
@click.option("--as", "email", required=True, help="Thư điện tử của tài khoản hỏi.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json")
def ask(query: str, email: str, form: str) -> None:
    """Hỏi số liệu bằng một tài liệu truy vấn JSON, với quyền của một tài khoản."""
    _django()
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
        _fail(f"Không đọc được tệp truy vấn «{path}». Kiểm tra tên tệp và bảng mã UTF-8.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def catalog(as_json: bool) -> None:
    """Liệt kê chủ đề, chiều, chỉ tiêu với đơn vị và tính cộng được."""
    from dwh.datapath.semantic.catalog import load_catalog

    found = load_catalog().to_json()
    click.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def dictionary(as_json: bool) -> None:
    """In từ điển dữ liệu: bảng, cột, chỉ tiêu, đơn vị tính, lớp dữ liệu cá nhân, nguồn gốc từng cột."""
    from dwh.datapath.dictionary.collect import load_dictionary

    found = load_dictionary().to_json()
    click.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def law(as_json: bool) -> None:
    """In các dòng yêu cầu đã được kiểm thử chứng minh."""
    from dwh.kernel import lawtable

    click.echo(json.dumps(lawtable.law_status(), ensure_ascii=False) if as_json else lawtable.text())


@main.group()
def audit() -> None:
    """Nhật ký tự động."""


@audit.command()
def verify() -> None:
    """Kiểm tra nhật ký: bản ghi nào bị sửa, xóa, đảo thứ tự hay chèn thêm đều bị phát hiện."""
    _django()
    from dwh.kernel.audit.services import verify as verify_log

    verdict = verify_log()
    for problem in verdict.problems:
        click.echo(problem, err=True)
    if not verdict.ok:
        _fail("Nhật ký KHÔNG toàn vẹn. Giữ nguyên máy chủ và báo lãnh đạo Trung tâm CNTT.")
    click.echo(f"Nhật ký toàn vẹn: {verdict.records} bản ghi, {verdict.checkpoints} điểm niêm phong.")


@audit.command()
def seal() -> None:
    """Niêm phong các bản ghi mới của nhật ký."""
    _django()
    from django.utils import timezone

    from dwh.kernel.audit.services import seal as seal_log

    seal_log(timezone.now())


@main.group()
def load() -> None:
    """Nạp tệp: hồ sơ XML giám định, và biểu xuất theo kế hoạch (chuẩn bị, rồi người khác duyệt)."""


@load.command("claims")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
def load_claims(file: Path) -> None:
    """Nạp một tệp hồ sơ giám định (zip hoặc XML, GIAMDINHHS). Nạp lại cùng tệp không đổi gì."""
    _django()
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
    _django()
    from dwh.operations.loads import command
    from dwh.site.settings import datapath_settings

    command.prepare(file, plan, email, into=datapath_settings(), report=report, say=click.echo)


@load.command("approve")
@click.argument("number", metavar="SỐ", type=int)
@click.option("--as", "email", required=True, help="Thư điện tử của người duyệt, khác người chuẩn bị.")
def load_approve(number: int, email: str) -> None:
    """Duyệt và nạp một tệp đã chuẩn bị, đúng như bản xem trước."""
    _django()
    from dwh.operations.loads import command
    from dwh.site.settings import datapath_settings

    command.approve(number, email, into=datapath_settings(), say=click.echo)


@load.command("decline")
@click.argument("number", metavar="SỐ", type=int)
@click.option("--as", "email", required=True, help="Thư điện tử của người duyệt.")
@click.option("--reason", required=True, help="Lý do không duyệt.")
def load_decline(number: int, email: str, reason: str) -> None:
    """Không duyệt một tệp đã chuẩn bị."""
    _django()
    from dwh.operations.loads import command

    command.decline(number, email, reason, say=click.echo)


@load.command("list")
def load_list() -> None:
    """Liệt kê các lần nạp theo kế hoạch, mới nhất trước."""
    _django()
    from dwh.operations.loads import command

    for line in command.lines():
        click.echo(line)


def _warn(message: str) -> None:
    click.echo(message, err=True)


@main.group()
def web() -> None:
    """Trang web, tiến trình nền và cơ sở dữ liệu quản trị."""


@web.command()
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """Phục vụ trang web trên 127.0.0.1."""
    _django()
    from dwh.site.server import serve as serve_web

    serve_web(port)


@web.command()
def worker() -> None:
    """Chạy tiến trình nền: lượt chạy, lịch, niêm phong nhật ký."""
    _django()
    from dwh.operations.runs.worker import serve as serve_worker
    from dwh.site.settings import datapath_settings

    serve_worker(datapath_settings())


@web.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[THAM SỐ]...", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Chạy một lệnh quản trị của Django (migrate, check, collectstatic…)."""
    _django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["dwh web manage", *arguments])


def _with_demo() -> None:
    try:
        from demo.cli import demo
    except ModuleNotFoundError:
        return  # installed without the demonstration
    main.add_command(demo)


_with_demo()

if __name__ == "__main__":
    main()
