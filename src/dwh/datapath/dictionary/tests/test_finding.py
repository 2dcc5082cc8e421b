"""Words without marks, and the filters."""

from __future__ import annotations

import pytest

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.datapath.dictionary.entries import SUBJECT, Table
from dwh.datapath.dictionary.finding import Wanted, find


def names(**wanted: str) -> list[str]:
    return [hit.entry.name for hit in find(load_dictionary(), Wanted(**wanted))]


@pytest.mark.parametrize("words", ["so tien phai thu", "Số tiền phải thu", "SO TIEN PHẢI THU", "due_vnd"])
def test_words_are_found_with_marks_and_without(words):
    hits = {hit.entry.name: hit for hit in find(load_dictionary(), Wanted(words))}
    assert {"contributions", "core.fct_contribution", "staging.stg_contribution"} <= set(hits)
    assert hits["core.fct_contribution"].parts[0].name == "due_vnd"


def test_a_word_is_found_at_its_beginning_only():
    assert "landed.gd_thuoc" not in names(words="hu oc")
    assert "landed.gd_thuoc" in names(words="thuoc")


def test_the_english_notes_of_engineers_are_not_searched():
    found = names(words="the bhyt")  # thẻ BHYT, not the article
    assert "landed.tst_the_bhyt" in found
    assert "core.fct_collection_match" not in found


def test_the_words_may_stand_in_the_table_and_in_its_column():
    hits = find(load_dictionary(), Wanted("the bhyt muc huong", layer="landed"))
    assert [(hit.entry.name, [part.name for part in hit.parts]) for hit in hits] == [
        ("landed.tst_the_bhyt", ["muc_huong"])
    ]


def test_what_is_called_so_stands_before_what_only_speaks_of_it():
    hit = find(load_dictionary(), Wanted("phải thu"))[0]
    assert "phải thu" in f"{hit.entry.label} {hit.parts[0].label if hit.parts else ''}".lower()


def test_without_words_everything_is_listed_from_the_subjects_down():
    found = find(load_dictionary(), Wanted())
    assert len(found) == len(load_dictionary().tables) + len(load_dictionary().subjects)
    layers = [hit.entry.layer if isinstance(hit.entry, Table) else SUBJECT for hit in found]
    assert list(dict.fromkeys(layers)) == ["subject", "core", "staging", "seed", "landed"]


def test_filters_narrow_together():
    assert set(names(layer="landed", source="iam")) == {
        name for name in load_dictionary().tables if name.startswith("landed.iam_")
    }
    owner = "Ban Tài chính - Kế toán"
    assert {"core.fct_ledger_entry", "landed.kt_but_toan"} <= set(names(owner=owner))
    assert "core.fct_contribution" not in names(owner=owner)


def test_the_class_of_personal_data_finds_the_columns_that_carry_it():
    hits = {hit.entry.name: hit for hit in find(load_dictionary(), Wanted(personal="P3"))}
    assert "so_tk" in {part.name for part in hits["landed.tst_don_vi"].parts}
    assert "core.fct_ledger_entry" not in hits


def test_nothing_is_found_for_a_word_nobody_uses():
    assert names(words="xyzzy") == []
