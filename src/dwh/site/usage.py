"""A command written wrongly, and `--help`, in Vietnamese: click speaks English and has no Vietnamese catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click

# the phrases click itself puts on a help page, and what stands there instead
_HELP_WORDS: Final = {
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "Show this message and exit.": "In trang này.",
    "[required]": "[bắt buộc]",
    "[default: ": "[mặc định: ",
}
_VALUE_WORDS: Final = {" TEXT": " CHỮ", " INTEGER": " SỐ"}  # what an option takes, at the end of its line
_EXTRA = re.compile(r"\((?P<words>.*)\)$", re.DOTALL)  # click names superfluous words in its sentence only


class _Help(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix=prefix or "Cách dùng: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_HELP_WORDS.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(
            [(_value_words(left), _help_words(right)) for left, right in rows], col_max, col_spacing
        )


def _value_words(option: str) -> str:
    for english, vietnamese in _VALUE_WORDS.items():
        if option.endswith(english):
            return option.removesuffix(english) + vietnamese
    return option


def _help_words(text: str) -> str:
    for english, vietnamese in _HELP_WORDS.items():
        text = text.replace(english, vietnamese)
    return text


class _Context(click.Context):
    formatter_class = _Help


class Command(click.Command):
    """A command whose help is Vietnamese and whose usage errors know which command they are about."""

    context_class = _Context

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("options_metavar", "[TÙY CHỌN]")
        super().__init__(*args, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


class Group(Command, click.Group):
    """Commands under one name, with the same help."""

    command_class = Command

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("subcommand_metavar", "LỆNH [THAM SỐ]...")
        super().__init__(*args, **settings)


Group.group_class = Group


def usage_words(error: click.UsageError) -> str:
    """Return what is wrong with the written command, how it is written, and where to read on; three lines."""
    lines = [_sentence(error)]
    if error.ctx is not None:
        lines += [error.ctx.get_usage(), f"Xem thêm: {error.ctx.command_path} --help"]
    return "\n".join(lines)


def _sentence(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            return f"Thiếu {_called(param, error.ctx)}. {_choices(param)}".rstrip()
        case click.BadParameter(param=click.Parameter() as param):
            return f"Giá trị của {_called(param, error.ctx)} không đúng. {_wanted(param)}"
        case click.NoSuchOption():
            return f"Không có tùy chọn {error.option_name}.{_near(error.possibilities)}"
        case click.NoSuchCommand():
            return f"Không có lệnh «{error.command_name}».{_near(error.possibilities)}"
        case click.BadOptionUsage():
            takes = _takes_a_value(error.option_name, error.ctx)
            return (
                f"Tùy chọn {error.option_name} {'cần một giá trị đi sau' if takes else 'không nhận giá trị'}."
            )
    if type(error) is click.UsageError and (extra := _EXTRA.search(error.message)):
        return f"Thừa tham số: {extra['words']}. Bỏ đi rồi chạy lại."
    return "Lệnh viết chưa đúng."


def _called(param: click.Parameter, ctx: click.Context | None) -> str:
    if isinstance(param, click.Option):
        about = f" ({param.help.rstrip('.')})" if param.help else ""
        return f"tùy chọn {max(param.opts, key=len)}{about}"
    return f"tham số {param.make_metavar(ctx) if ctx else param.human_readable_name}"


def _choices(param: click.Parameter) -> str:
    return (
        f"Chọn một trong: {', '.join(map(str, param.type.choices))}."
        if isinstance(param.type, click.Choice)
        else ""
    )


def _wanted(param: click.Parameter) -> str:
    return (
        "Cần một số nguyên."
        if param.type.name == "integer"
        else _choices(param) or "Sửa giá trị rồi chạy lại."
    )


def _near(possibilities: Sequence[str] | None) -> str:
    return f" Gần giống: {', '.join(possibilities)}." if possibilities else ""


def _takes_a_value(option: str, ctx: click.Context | None) -> bool:
    params = ctx.command.params if ctx else []
    return not any(isinstance(p, click.Option) and option in p.opts and p.is_flag for p in params)
