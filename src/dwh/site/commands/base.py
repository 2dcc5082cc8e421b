"""What every command stands on: a refusal, a fault or a wrong command is one Vietnamese line."""

from __future__ import annotations

import os
import re
import sys
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
            fail(refusal.message_vi)
        except click.UsageError as error:
            _explain(error)
        except KeyboardInterrupt:
            fail("Đã dừng theo Ctrl+C. Chạy lại lệnh khi cần.", INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise  # click's own: help was shown
        except Exception as fault:
            if os.environ.get("DWH_TRACEBACK"):
                raise
            fail(_words_of(fault))


def fail(message: str, code: int = 1) -> NoReturn:
    """End the program with one line on stderr."""
    click.echo(message, err=True)
    sys.exit(code)


def _explain(error: click.UsageError) -> NoReturn:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        raise error  # a group without a command shows its help
    fail(usage_words(error), error.exit_code)


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


def load_django() -> None:
    """Make Django ready; a command that can do without it starts faster."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dwh.site.settings")
    import django

    django.setup()
