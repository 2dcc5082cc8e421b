"""What a person without a clearance sees of a row: nothing that tells who it is about."""

from __future__ import annotations

import pytest

from dwh.governance.protection.rules import Clearance, clearance_for, mask, mask_row
from dwh.governance.protection.services import clearance_of
from tests.personas import TODAY

ROW = {
    "id": 7,
    "ho_ten": "NGUYỄN VĂN THỬ",
    "ma_so_bhxh": "0123456789",
    "tien": 8000,
    "ma_benh_chinh": "B20",
    "la": 1,
}
CLASSES = {"id": "", "ho_ten": "P2", "ma_so_bhxh": "P1", "tien": "", "ma_benh_chinh": "P3"}


@pytest.mark.law("CV-BVDLCN II.2")
def test_personal_and_unknown_fields_are_masked_and_the_others_are_not():
    assert mask_row(ROW, CLASSES, frozenset()) == {
        "id": 7, "ho_ten": "•••", "ma_so_bhxh": "•••", "tien": 8000, "ma_benh_chinh": "•••", "la": "•••",
    }  # fmt: skip


def test_a_clearance_opens_its_own_class_only():
    seen = mask_row(ROW, CLASSES, frozenset({Clearance.IDENTITY}))
    assert (seen["ho_ten"], seen["ma_benh_chinh"]) == ("NGUYỄN VĂN THỬ", "•••")
    assert mask_row(ROW, CLASSES, frozenset(Clearance)) == ROW


def test_a_checked_field_keeps_its_last_digits_and_a_birth_date_never():
    assert mask_row(ROW, CLASSES, frozenset(), frozenset({"ma_so_bhxh"}))["ma_so_bhxh"] == "•••789"
    assert mask("19800102", "ngay_sinh", keep_tail=True) == "•••"
    assert mask("12345", "ma_so_bhxh", keep_tail=True) == "•••"


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_is_missing_stays_missing(nothing):
    assert mask(nothing, "ho_ten") == nothing


@pytest.mark.parametrize(
    ("classification", "field", "needed"),
    [
        ("", "so_tien", None),
        ("P1", "ma_so_bhxh", Clearance.IDENTITY),
        ("P2", "ho_ten", Clearance.IDENTITY),
        ("P2", "chan_doan_rv", Clearance.HEALTH),
        ("P3", "dan_toc", Clearance.HEALTH),
    ],
)
def test_which_clearance_a_field_needs(classification, field, needed):
    assert clearance_for(classification, field) == needed


@pytest.mark.django_db
@pytest.mark.law("CV-BVDLCN I.3")
def test_nobody_is_cleared_without_an_assignment_in_writing(tuan, lan):
    assert clearance_of(tuan, TODAY) == clearance_of(lan, TODAY) == frozenset()
