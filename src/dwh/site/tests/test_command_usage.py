"""A command written wrongly is answered in Vietnamese, with how it is written; so is every page of help."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from dwh.site.cli import main

ENGLISH = re.compile(
    r"Usage|Options|Commands|Error|Missing|OPTIONS|ARGS|TEXT|INTEGER|PATH|Show this|required|default"
)

WRONG = {
    "ask": "Thiếu tham số TỆP.",
    "ask q.json": "Thiếu tùy chọn --as (Thư điện tử của tài khoản hỏi).",
    "ask q.json --as a@b --format xml": "Giá trị của tùy chọn --format không đúng. Chọn một trong: json, csv.",
    "ask --formt csv": "Không có tùy chọn --formt. Gần giống: --format.",
    "ask q.json --as": "Tùy chọn --as cần một giá trị đi sau.",
    "build --full=3": "Tùy chọn --full không nhận giá trị.",
    "load approve x --as a@b": "Giá trị của tham số SỐ không đúng. Cần một số nguyên.",
    "sync collection claims": "Thừa tham số: claims. Bỏ đi rồi chạy lại.",
    "audit verfy": "Không có lệnh «verfy». Gần giống: verify.",
    "nothing": "Không có lệnh «nothing».",
    "--nothing": "Không có tùy chọn --nothing.",
    "demo build now": "Thừa tham số: now. Bỏ đi rồi chạy lại.",
}


@pytest.mark.parametrize("written", WRONG)
def test_what_is_wrong_stands_first_then_how_the_command_is_written(written):
    said = CliRunner().invoke(main, written.split(), prog_name="dwh")
    sentence, usage, more = said.stderr.splitlines()

    assert said.exit_code == 2
    assert sentence == WRONG[written]
    assert usage.startswith("Cách dùng: dwh")
    assert re.fullmatch(r"Xem thêm: dwh[a-z -]* --help", more)
    assert said.stdout == ""


def test_ctrl_c_is_one_vietnamese_line(monkeypatch):
    monkeypatch.setattr("dwh.kernel.lawtable.text", _interrupted)
    said = CliRunner().invoke(main, ["law"])

    assert (said.exit_code, said.stdout) == (130, "")
    assert said.stderr == "Đã dừng theo Ctrl+C. Chạy lại lệnh khi cần.\n"


def _interrupted():
    raise KeyboardInterrupt


def _paths(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [path, *(found for name, one in below for found in _paths(one, (*path, name)))]


@pytest.mark.parametrize("path", _paths(main), ids=" ".join)
def test_help_of_every_command_is_vietnamese(path):
    said = CliRunner().invoke(main, [*path, "--help"], prog_name="dwh")

    assert said.exit_code == 0
    assert said.stdout.startswith(f"Cách dùng: {' '.join(('dwh', *path))}")
    assert not ENGLISH.search(said.stdout)
