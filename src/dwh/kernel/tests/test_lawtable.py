"""What counts as proven: marked, naming a row that exists, and really run."""

from __future__ import annotations

import json

import pytest

from dwh.kernel import lawtable
from dwh.kernel.errors import Invalid, NotFound

ROWS = "id,group,requirement\nA-01,Accounts,one\nA-02,Accounts,two\nB-01,Data,three\n"
TESTS = """
import pytest
pytestmark = pytest.mark.req("B-01")

@pytest.mark.req("A-01")
@pytest.mark.law("QC-DWH 6.1")
def test_one(): ...

@pytest.mark.skip(reason="later")
@pytest.mark.req("A-02")
def test_skipped(): ...

class TestMore:
    @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.req("A-01"))])
    def test_two(self, n): ...

def helper(): ...
"""


@pytest.fixture
def put(tmp_path):
    def _put(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return _put


@pytest.fixture
def checkout(tmp_path, put):
    put("docs/requirements.csv", ROWS)
    put("tests/test_things.py", TESTS)
    return tmp_path


def proven(checkout):
    return {row for row, entry in lawtable.law_status(checkout).items() if entry["proven"]}


def test_every_row_is_there_with_its_tests(checkout):
    status = lawtable.law_status(checkout)
    assert list(status) == ["A-01", "A-02", "B-01"]
    things = "tests/test_things.py::"
    assert status["A-01"] == {
        "proven": True,
        "tests": [f"{things}TestMore::test_two", f"{things}test_one"],
        "waived": None,
    }
    assert status["B-01"]["proven"]


def test_a_skipped_test_proves_nothing(checkout):
    assert lawtable.law_status(checkout)["A-02"] == {"proven": False, "tests": [], "waived": None}


@pytest.mark.parametrize(("outcome", "counts"), [("passed", True), ("failed", False), ("skipped", False)])
def test_what_the_last_run_said_counts(checkout, put, outcome, counts):
    put("tests/test_more.py", 'import pytest\n@pytest.mark.req("A-02")\ndef test_it(): ...\n')
    put(str(lawtable.OUTCOMES), json.dumps({"tests/test_more.py::test_it": outcome}))
    assert ("A-02" in proven(checkout)) is counts


def test_a_test_that_may_skip_counts_only_when_it_was_seen_to_run(checkout, put):
    marks = '@pytest.mark.skipif(True, reason="x")\n@pytest.mark.req("A-02")'
    put("tests/test_more.py", f"import pytest\n{marks}\ndef test_it(): ...\n")
    assert "A-02" not in proven(checkout)
    put(str(lawtable.OUTCOMES), json.dumps({"tests/test_more.py::test_it": "passed"}))
    assert "A-02" in proven(checkout)


def test_a_mark_that_names_no_row_fails(checkout, put):
    put("tests/test_wrong.py", 'import pytest\n@pytest.mark.req("Z-99")\ndef test_it(): ...\n')
    with pytest.raises(Invalid, match="Z-99"):
        lawtable.law_status(checkout)


def test_outside_a_checkout_one_is_told_where_to_go(tmp_path):
    with pytest.raises(NotFound, match="thư mục mã nguồn"):
        lawtable.law_status(tmp_path)


def test_the_printed_table_counts_by_group(checkout):
    printed = lawtable.text(checkout)
    assert "A  Accounts: 1/2" in printed
    assert "B  Data: 1/1" in printed
    assert "2/3 dòng" in printed


def test_a_rule_and_a_test_or_a_waiver_close_an_article(checkout, put):
    put("src/rules.py", '@cites(QC_DWH.art("6.1"), QC_DWH.art("6.2"))\ndef rule(): ...\n')
    put("docs/law/waivers.toml", '[[waiver]]\nwhy = "khả năng 4"\nwhat = ["QC-DWH 6.3"]\n')
    still_open = lawtable.open_articles(checkout)
    assert "QC-DWH 6.1" not in still_open  # rule and test
    assert "QC-DWH 6.2" in still_open  # a rule without a test
    assert "QC-DWH 6.3" not in still_open  # waived
    assert "QC-DWH 7.1" not in still_open  # people's duty
    page = next(path for path in lawtable.write_pages(checkout / "out", checkout) if path.name == "qc-dwh.md")
    assert (
        "| 6.1 | Mỗi người duy nhất một tài khoản | hệ thống | `rules.rule` | `test_one` |"
        in page.read_text()
    )
