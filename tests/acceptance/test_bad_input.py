"""Bad input at the command line: one Vietnamese sentence, exit code 1, a record, and the last release stays up."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demo.sources.mutations import day_two
from tests.conftest import FILLED, environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LAN, NAM = "lan.lt@vss.gov.vn", "nam.dv@vss.gov.vn"
QUESTION: dict[str, Any] = {
    "subject": "contributions", "rows": ["org.province"], "values": ["collected_vnd"],
}  # fmt: skip
EVERYTHING = ["employer", "month.month", "fund.component", "participant.birth_decade", "participant.sex"]
HANOI = {"field": "org.province", "op": "in", "values": ["00.01"]}
FUTURE = {"field": "month.month", "op": "eq", "values": ["2190-01"]}


class Home:
    """A demonstration, and what its programs say when they are started by hand."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def dwh(self, *arguments: str, text: bytes | str = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "dwh.site.cli", *arguments], capture_output=True, check=False,
            env=environment(self.path),
            input=text.encode() if isinstance(text, str) else text,
        )  # fmt: skip

    def refused(self, *arguments: str, text: bytes | str = b"") -> str:
        """Run a command that must fail and return the one line it says."""
        done = self.dwh(*arguments, text=text)
        lines = done.stderr.decode().strip().splitlines()
        assert (done.returncode, done.stdout, len(lines)) == (1, b"", 1), done.stderr.decode()
        return lines[0]

    @property
    def release(self) -> str:
        return os.readlink(self.path / "releases" / "current")

    def answering(self) -> str:
        """Return the release whose figures the analyst of Hà Nội is told now."""
        done = self.dwh("ask", "-", "--as", LAN, text=json.dumps(QUESTION))
        assert done.returncode == 0, done.stderr.decode()
        return str(json.loads(done.stdout)["release"])

    def governance(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path / "governance.sqlite3", timeout=20)) as database:
            return database.execute(sql).fetchall()

    def last_run(self) -> tuple[str, str, str]:
        [(kind, state, message)] = self.governance(
            "SELECT kind, state, message FROM runs_run ORDER BY id DESC LIMIT 1"
        )
        return kind, state, message

    def last_record(self) -> tuple[str, str, dict[str, Any]]:
        [(kind, who, body)] = self.governance(
            "SELECT kind, actor_email, body FROM audit_auditrecord ORDER BY id DESC LIMIT 1"
        )
        return kind, who, json.loads(body)["facts"]

    def source(self, file: str, *statements: str) -> None:
        with closing(sqlite3.connect(self.path / "sources" / file)) as database, database:
            for statement in statements:
                database.execute(statement)


@pytest.fixture
def home(own_small_home: Path) -> Home:
    return Home(own_small_home)


@pytest.mark.req("C-06")
def test_a_corrupt_landing_file_stops_the_build_and_the_next_run_reads_its_rows_again(home):
    before = home.release
    old = set(home.path.glob("landing/collection/tst_dong_ca_nhan/*.parquet"))
    day_two(home.path, seed=7, systems=FILLED)
    assert home.dwh("sync", "collection").returncode == 0
    [landed] = set(home.path.glob("landing/collection/tst_dong_ca_nhan/*-rows.parquet")) - old
    landed.write_bytes(landed.read_bytes()[:-200])

    said = home.refused("build")

    assert "bị hỏng: nội dung đã bị thay đổi. Chạy lại «dwh sync collection»" in said
    assert home.last_run() == ("build", "failed", said)
    assert home.answering() == before
    assert home.dwh("run").returncode == 0
    assert home.release != before
    assert [path.name for path in (landed.parent / "damaged").glob("*.json")] == [
        f"{landed.stem}.repaired.json"
    ]


@pytest.mark.req("C-06")
def test_a_damaged_part_is_named_and_a_full_build_makes_it_again(home):
    before = home.release
    part = max(
        (home.path / "parts" / "landed.tst_dong_ca_nhan").glob("2*.parquet")
    )  # late payments come here
    part.chmod(0o644)
    part.write_bytes(part.read_bytes()[:100])
    day_two(home.path, seed=7, systems=FILLED)

    said = home.refused("run")

    assert "`dwh build --full`" in said
    assert home.last_run()[1:] == ("failed", said)
    assert home.answering() == before
    done = home.dwh("build", "--full")
    assert (done.returncode, done.stderr) == (0, b"")
    assert home.dwh("publish").returncode == 0
    assert home.release != before


def test_a_damaged_serving_file_is_named_and_the_next_run_makes_the_release_good(home):
    before = home.release
    (serving := home.path / "releases" / before / "serving.duckdb").chmod(0o644)
    os.truncate(serving, 5000)

    said = home.refused("ask", "-", "--as", LAN, text=json.dumps(QUESTION))

    assert f"Tệp serving.duckdb của bản số liệu «{before}» bị hỏng hoặc bị mất" in said
    kind, who, facts = home.last_record()
    assert (kind, who, facts["message"]) == ("denied", LAN, said)
    done = home.dwh("run")
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"của bản «{before}» bị hỏng hoặc bị mất: bản mới được làm lại" in done.stdout.decode()
    assert home.answering() == home.release != before


@pytest.mark.req("C-06")
def test_a_source_that_is_down_is_said(home):
    before, file = home.release, home.path / "sources" / "tst.sqlite"
    file.rename(file.with_suffix(".away"))

    said = home.refused("run")

    assert "Không thấy tệp nguồn «tst.sqlite»" in said
    assert home.last_run() == ("run", "failed", said)
    assert home.last_record()[0] == "act"
    assert home.answering() == before


def test_a_column_that_changed_its_type_is_named_with_what_was_promised(home):
    before = home.release
    home.source(
        "tst.sqlite", "PRAGMA writable_schema = 1",
        "UPDATE sqlite_schema SET sql = replace(sql, 'so_tien_da_dong INTEGER', 'so_tien_da_dong TEXT') "
        "WHERE name = 'tst_dong_ca_nhan'",
    )  # fmt: skip

    said = home.refused("sync", "collection")

    assert "cột «so_tien_da_dong»" in said
    assert "hợp đồng ghi money" in said
    assert home.last_run()[1:] == ("failed", said)
    assert home.answering() == before


def test_text_in_a_money_column_is_refused_with_its_row_and_without_its_value(home):
    home.source(
        "tst.sqlite", "UPDATE tst_dong_ca_nhan SET so_tien_da_dong = 'mười nghìn', "
        "updated_at = datetime('now') WHERE id = 1",
    )  # fmt: skip

    said = home.refused("sync", "collection")

    assert "cột «so_tien_da_dong»: dòng id 1 không đúng kiểu" in said
    assert "mười nghìn" not in said
    assert home.last_run() == ("sync", "failed", said)


DOCUMENTS = {
    "too deep": (b"[" * 100_000, "lồng quá sâu"),
    "unknown field": (json.dumps({**QUESTION, "rows": ["org.provinse"]}).encode(), "org.provinse"),
    "future": (json.dumps({**QUESTION, "filters": [FUTURE]}).encode(), "ở tương lai, chưa có số liệu"),
    "outside": (json.dumps({**QUESTION, "filters": [HANOI]}).encode(), "Ông/bà không có quyền xem số liệu"),
    "too many rows": (json.dumps({**QUESTION, "rows": EVERYTHING}).encode(), "Kết quả có hơn 50.000 dòng"),
}


@pytest.mark.req("I-01")
def test_a_question_that_cannot_be_answered_gets_one_sentence_and_leaves_its_record(own_home):
    home = Home(own_home)
    before = home.release
    for name, (text, words) in DOCUMENTS.items():
        who = NAM if name == "outside" else "tuan.nm@vss.gov.vn"
        said = home.refused("ask", "-", "--as", who, text=text)
        kind, by, facts = home.last_record()
        assert words in said, name
        assert (kind, by, facts["message"]) == ("denied", who, said), name
    asked = json.dumps({**QUESTION, "filters": [{"field": "fund", "op": "eq", "values": ["BHXH"]}]})
    hinted = home.dwh("ask", "-", "--as", LAN, "--format", "csv", text=asked)
    assert (hinted.returncode, len(hinted.stdout.splitlines())) == (0, 1)
    assert "có phải «si» (BHXH)?" in hinted.stderr.decode()
    assert home.answering() == before
    assert home.dwh("audit", "verify").returncode == 0


def test_what_nobody_foresaw_is_one_line_too(home):
    assert "bảng mã UTF-8" in home.refused("ask", "-", "--as", LAN, text=b"\xff\xfe")
    (home.path / "governance.sqlite3").rename(home.path / "away")
    assert "`dwh web manage migrate`" in home.refused("ask", "-", "--as", LAN, text="{}")


def test_help_is_no_failure(home):
    done = home.dwh("ask", "--help")
    assert (done.returncode, done.stderr) == (0, b"")
