"""`dwh dictionary --json` prints what the pages show, beside `dwh catalog --json`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.site.cli import main


def test_the_command_prints_the_whole_dictionary_as_json():
    done = CliRunner().invoke(main, ["dictionary", "--json"])
    assert done.exit_code == 0
    found = json.loads(done.output)
    assert [table["name"] for table in found["tables"]] == list(load_dictionary().tables)
    contribution = next(table for table in found["tables"] if table["name"] == "core.fct_contribution")
    due = next(column for column in contribution["columns"] if column["name"] == "due_vnd")
    assert due["unit"] == "đồng"
    assert due["sources"] == [
        f"landed.tst_dong_ca_nhan.{name}" for name in ("so_tien_ld", "so_tien_sd", "so_tien_nsnn")
    ]
    assert due["figures"] == ["contributions.due_vnd", "unemployment.ui_premium_due_vnd"]
