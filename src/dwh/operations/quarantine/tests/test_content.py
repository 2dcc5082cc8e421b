"""The content of a failed row: the dictionary's names beside the source's, values as people write them."""

from __future__ import annotations

import pytest

from dwh.operations.quarantine.content import Value, changed_of, written
from tests.failed_fixture import HELD
from tests.personas import tuan  # noqa: F401 -- the cast
from tests.warehouse_fixture import tiny_release


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (69_700_000, "money", "69.700.000"),
        ("12.50", "decimal", "12,5"),
        ("622092.0", "decimal", "622.092"),
        (2025, "integer", "2025"),  # a year, a number in a list: never with a dot
        ("2025-12-25 01:00:00", "timestamp", "25/12/2025 01:00"),
        ("2025-12-25", "date", "25/12/2025"),
        (False, "boolean", "không"),
        (True, "boolean", "có"),
        ("0010••••45", "text", "0010••••45"),
        ("••/••/1980", "date", "••/••/1980"),  # masked
        ("12 đồng", "money", "12 đồng"),  # of another shape: perhaps the very fault
        (None, "money", ""),
        (0, "money", "0"),
    ],
)
def test_a_value_is_written_as_people_write_it(value, kind, text):
    assert written(value, kind) == text


def test_a_change_names_the_column_in_words_and_as_the_source_calls_it():
    assert changed_of("kt_but_toan", {"so_tien": 1000, "cot_la": None}) == [
        Value("so_tien", "Số tiền", "1.000"), Value("cot_la", "cot_la", ""),
    ]  # fmt: skip
    assert changed_of("bang_cu", {"so_tien": 1000}) == [Value("so_tien", "so_tien", "1000")]


def test_the_page_of_a_row_shows_both_names(client, settings, tmp_path, tuan):  # noqa: F811
    settings.DATAPATH = tiny_release(tmp_path)
    client.force_login(tuan)
    row = HELD[0]
    page = client.get(f"/du-lieu-loi/dong/{row[1]}/{row[2]}/").content.decode()

    assert 'Căn cứ đóng <span class="mono mute">can_cu_dong</span>' in page
    assert "<dd>•••</dd>" in page  # what a person is paid stays masked
