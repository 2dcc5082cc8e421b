import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.members import Member, compile_members, read_members
from dwh.datapath.semantic.tests.asking import IDENTITY, small_release
from dwh.kernel.errors import Denied, UnknownField
from dwh.kernel.org.scope import OrgScope


def members(subject, name, scope=("00",), search="", limit=50, **more):
    made = compile_members(load_catalog().subject(subject), name, scope=OrgScope.of(scope), **more)
    _, rows = small_release().fetch(made.sql, made.params, limit=10_000)
    return read_members(made.field, rows, search=search, limit=limit)


def test_members_are_those_with_data_in_scope():
    assert members("contributions", "org.province", ("00.01",)) == [Member("00.01", "Hà Nội")]
    names = [m.label for m in members("contributions", "employer", ("00.48-2025",))]
    assert names == [
        "TD0020A – Công ty TNHH Liên Chiểu", "TD0021B – Công ty Du lịch Hải Châu", "TE0030A – Công ty May Tam Kỳ"
    ]  # fmt: skip


def test_the_nation_is_one_member_for_every_scope():
    assert [m.key for m in members("contributions", "org.nation")] == ["00"]
    assert [m.key for m in members("claims", "org.nation", ("00.01", "00.48-2025"))] == ["00"]
    assert members("claims", "org.nation", ()) == []


def test_the_basis_chooses_the_units():
    was = [m.key for m in members("contributions", "org.province", ("00.48-2025",))]
    now = [m.key for m in members("contributions", "org.province", ("00.48-2025",), org_basis="as_is")]
    assert (was, now) == (["00.48", "00.48-2025", "00.49"], ["00.48-2025"])


@pytest.mark.parametrize("search", ["da nang", "ĐÀ NẴNG", "48001"])
def test_members_are_found_without_marks_or_case(search):
    assert [m.label for m in members("claims", "facility", search=search)] == ["48001 – Bệnh viện Đà Nẵng"]


@pytest.mark.parametrize(
    ("subject", "name", "first"),
    [
        ("contributions", "month.quarter", Member("2025-Q2", "Quý II/2025")),
        ("contributions", "month", Member("2025-05", "5/2025")),
        ("contributions", "fund", Member("ui", "BHTN")),
        ("contributions", "org.region", Member("V02", "Đồng bằng sông Hồng")),
        ("contributions", "org.nation", Member("00", "Toàn quốc")),
        ("contributions", "participant.birth_decade", Member("1960", "1960–1969")),
        ("claims", "age_band", Member("0-5", "0–5 tuổi")),
        ("claims", "sex", Member("1", "Nam")),
        ("claims", "benefit_level", Member("1", "Mức hưởng 1")),
        ("claims", "visit_type.care", Member("inpatient", "Nội trú")),
    ],
)
def test_every_kind_of_field_has_members(subject, name, first):
    found = members(subject, name)
    assert first in found
    assert len({m.key for m in found}) == len(found)


@pytest.mark.parametrize(
    "name", ["org.province", "employer", "month", "org.nation", "participant.birth_decade"]
)
def test_an_empty_scope_has_no_members(name):
    assert members("contributions", name, ()) == []


def test_at_most_limit_members_come_back():
    assert len(members("contributions", "employer", limit=2)) == 2


def test_persons_are_listed_only_to_a_clearance():
    with pytest.raises(Denied):
        members("contributions", "participant")
    assert len(members("contributions", "participant", clearance=IDENTITY)) == 14


def test_an_unknown_field_has_no_members():
    with pytest.raises(UnknownField):
        members("contributions", "facility")
