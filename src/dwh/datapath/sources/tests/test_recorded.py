"""Oracle and SQL Server against recorded answers: what is asked, what lands, what is refused. No real server ran."""

from __future__ import annotations

import connectorx
import oracledb
import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Grouping, KeySum
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, landed_lines
from dwh.datapath.sources.tests.recorded import ORACLE, ROWS, SQLSERVER, Recorded
from dwh.kernel.errors import ContractBroken, Invalid, SourceDown

TABLE = load_contract("collection").table(LINES)
URLS = {
    "oracle": "oracle://doc:bi-mat-9z@ora.bhxh:1521/THU?schema=TST",
    "mssql": "mssql://doc:bi-mat-9z@ms.bhxh/thu",
}


class FakeOracle:
    """The part of an oracledb connection we use."""

    def __init__(self, answers):
        self.answers, self.said, self.call_timeout, self.open = answers, [], 0, True

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, statement):
        self.said.append(statement)

    def rollback(self):
        self.said.append("rollback")

    def fetch_df_all(self, sql, *, fetch_decimals):
        assert fetch_decimals
        assert self.said[-2:] == ["rollback", "SET TRANSACTION READ ONLY"]
        return self.answers(sql)

    def fetch_df_batches(self, sql, *, size, fetch_decimals):
        assert size == 131_072
        yield self.fetch_df_all(sql, fetch_decimals=fetch_decimals)

    def cancel(self):
        self.said.append("cancel")

    def close(self):
        self.open = False


@pytest.fixture(params=["oracle", "mssql"])
def product(request):
    return request.param


@pytest.fixture
def answers(product, monkeypatch):
    if product == "oracle":
        recorded = Recorded(ORACLE, upper=True)
        monkeypatch.setattr(oracledb, "connect", lambda **_: FakeOracle(recorded))
    else:
        recorded = Recorded(SQLSERVER, upper=False)
        monkeypatch.setattr(
            connectorx, "read_sql", lambda url, sql, **_: recorded(sql).to_reader(max_chunksize=1)
        )
    return recorded


@pytest.fixture
def home(product, tmp_path):
    return DataPathSettings(home=tmp_path, sources={"collection": URLS[product]})


def test_recorded_rows_land_as_the_contract_says(answers, home):
    report = sync_source("collection", settings=home, now=NOW)
    assert (report.rows, report.notes) == (2, ())
    assert landed_lines(home) == {row["id"]: row["so_tien_da_dong"] for row in ROWS}
    assert sync_source("collection", settings=home, now=NOW).rows == 0


def test_a_row_gone_from_the_recorded_source_is_deleted(answers, home):
    sync_source("collection", settings=home, now=NOW)
    answers.rows = answers.rows[1:]
    answers.special[r"IN \(1\)"] = []
    assert sync_source("collection", settings=home, now=NOW).deletes == 1
    assert list(landed_lines(home)) == [2]


def test_the_statement_of_a_page_is_written_in_the_words_of_the_product(product, answers):
    connector = open_url(URLS[product])
    upto = connector.high_water(TABLE)
    sql = connector.dialect.page(TABLE, None, upto, 500)
    ending = {
        "oracle": """FROM "TST_DONG_CA_NHAN" """
                  """WHERE ("UPDATED_AT" <= TIMESTAMP '2026-10-01 08:07:00.000009 +00:00' AND ("UPDATED_AT" """
                  """< TIMESTAMP '2026-10-01 08:07:00.000009 +00:00' OR "ID" <= 2)) """
                  """ORDER BY "TST_DONG_CA_NHAN"."UPDATED_AT", "TST_DONG_CA_NHAN"."ID" FETCH FIRST 500 ROWS ONLY""",
        "mssql": "FROM [tst_dong_ca_nhan] WHERE ([updated_at] <= CAST('2026-10-01T08:07:00.000009+00:00' AS "
                 "datetimeoffset(6)) AND ([updated_at] < CAST('2026-10-01T08:07:00.000009+00:00' AS datetimeoffset(6)) "
                 "OR [id] <= 2)) ORDER BY [tst_dong_ca_nhan].[updated_at], [tst_dong_ca_nhan].[id] "
                 "OFFSET 0 ROWS FETCH NEXT 500 ROWS ONLY",
    }[product]  # fmt: skip
    assert sql.endswith(ending)
    money = {"oracle": 'CAST("SO_TIEN_LD" AS NUMBER(18,0))', "mssql": "CAST([so_tien_ld] AS bigint)"}[product]
    assert money in sql


def test_totals_and_key_sums_are_read_as_exact_numbers(product, answers):
    big = "123456789012345678901234567890"
    connector = open_url(URLS[product])
    answers.special["SUM.*ma_cq_bhxh|SUM.*MA_CQ_BHXH"] = [
        {"period": "202610", "unit": "01501", "n": 3, **dict.fromkeys(TABLE.money, big)}
    ]
    (total,) = connector.totals(TABLE, Grouping("ky", "ma_cq_bhxh"))
    assert (total.period, total.unit, total.rows) == ("202610", "01501", 3)
    assert set(total.sums.values()) == {int(big)}
    answers.special["65521"] = [{"period": None, "n": 2, "ids": "3", "times": "4", "pairs": "5"}]
    assert connector.key_sums(TABLE) == {None: KeySum(2, 3, 4, 5)}


@pytest.mark.req("B-15")
def test_an_account_that_may_write_is_refused(product, answers):
    answers.special["session_privs|NULL, 'DATABASE'"] = [{"privilege": "INSERT", "name": "INSERT"}]
    with pytest.raises(SourceDown, match=r"quyền ngoài quyền đọc \(INSERT\)"):
        open_url(URLS[product])


@pytest.mark.parametrize("product", ["mssql"])
def test_a_right_to_write_one_table_refuses_it_too(answers, home):
    answers.special["'OBJECT'"] = [{"name": "UPDATE"}]
    with pytest.raises(SourceDown, match=r"\(UPDATE\)"):
        sync_source("collection", settings=home, now=NOW)


@pytest.mark.parametrize("product", ["mssql"])
def test_a_database_that_locks_what_is_read_is_refused(answers):
    answers.special["is_read_committed_snapshot_on"] = [{"quiet": 0}]
    with pytest.raises(SourceDown, match="READ_COMMITTED_SNAPSHOT"):
        open_url(URLS["mssql"])


@pytest.mark.parametrize(("words", "told"), [
    ("ORA-01017: invalid username/password bi-mat-9z|Login failed for user 'doc' bi-mat-9z", "mật khẩu không đúng"),
    ("ORA-00942: table or view does not exist|Invalid object name 'x'", "không có cơ sở dữ liệu"),
    ("ORA-01031: insufficient privileges|The SELECT permission was denied", "thiếu quyền đọc"),
    ("DPY-6005: cannot connect to database|connection refused", "không trả lời"),
])  # fmt: skip
def test_errors_are_told_without_the_drivers_words(product, answers, words, told):
    connector = open_url(URLS[product])
    oracle, mssql = words.split("|")
    answers.special["."] = oracledb.DatabaseError(oracle) if product == "oracle" else RuntimeError(mssql)
    with pytest.raises(SourceDown, match=told) as refused:
        connector.high_water(TABLE)
    assert "bi-mat-9z" not in f"{refused.value.message_vi} {refused.value.facts}"
    with pytest.raises(SourceDown, match=told):
        list(connector.keys(TABLE))


def test_an_error_of_another_kind_is_a_bug_and_passes_through(product, answers):
    connector = open_url(URLS[product])
    answers.special["."] = ZeroDivisionError("ours")
    with pytest.raises(ZeroDivisionError):
        connector.high_water(TABLE)


def test_types_that_would_lose_something_break_the_contract(product, answers, home):
    finer = {"oracle": "TIMESTAMP(9)", "mssql": "datetime"}[product]
    answers.types = {**answers.types, "timestamp": (finer, 7, 7)}
    with pytest.raises(ContractBroken, match="đã đổi kiểu"):
        sync_source("collection", settings=home, now=NOW)


@pytest.mark.parametrize(
    "url", ["oracle://ora/THU", "oracle://u:bi-mat-9z@ora/T?mode=sysdba", "mssql://u:bi-mat-9z@h"]
)
def test_an_address_of_another_form_is_refused_without_its_password(url):
    with pytest.raises(Invalid, match="không đúng dạng") as refused:
        open_url(url)
    assert "bi-mat-9z" not in refused.value.message_vi
