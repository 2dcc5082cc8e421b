"""The rows behind a cell add up to it: random people, questions and cells of every additivity, totals included."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace

import pytest

from dwh.datapath.origin.statement import Asked, Window
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.warehouse.engine import connect
from dwh.datapath.warehouse.release import current_release
from dwh.governance import drill
from dwh.governance.drill import Reading
from dwh.governance.protection.hints import Sight
from dwh.governance.protection.rows import read_rows
from dwh.governance.tests.asking import ask, in_unit, question
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Denied, Invalid, TooManyRows
from dwh.kernel.org.scope import OrgScope
from tests.personas import TODAY, give, hire

pytestmark = pytest.mark.usefixtures("release")
BASES = ("as_was", "as_is", "as_of:2025-06-30", "as_of:2025-07-01")
AREAS = (("00",), ("00.01",), ("00.48-2025",), ("00.01.501",), ("00.01.501", "00.48-2025"))
PERIODS = (
    ("between", ("2025-05", "2025-07")),
    ("in", ("2025-Q2",)),
    ("lte", ("2025-06",)),
    ("eq", ("2025",)),
)


def analyst(number, areas):
    account = hire(f"p{number}@vss.gov.vn", f"Người {number}", "00.BTHU", "Ban", f"NV{number}")
    for area in areas:
        give(account, "analyst", area)
    return account


def rows(who, query, keys, measure, **more):
    return drill.rows(Asked(query, tuple(keys), measure), Reading(**more), by=who, today=TODAY)


def asked_at_random(luck):
    """Return a question with every measure its fields can cut, or None when there is none."""
    subject = luck.choice(list(load_catalog().subjects.values()))
    levels = [name for name in subject.field_names() if not subject.field(name).level.personal]
    fields = luck.sample(levels, min(len(levels), luck.randint(0, 3)))
    fits = [
        m.name
        for m in subject.measures.values()
        if all(subject.field(name).reaches(m.fact) for name in fields)
    ]
    cut, (op, values) = luck.randint(0, len(fields)), luck.choice(PERIODS)
    filters = (Filter("month", op, values),) if luck.random() < 0.6 else ()
    query = Query(
        subject.name, tuple(fields[:cut]), tuple(fields[cut:]), tuple(fits), filters, luck.choice(BASES)
    )
    return query if fits else None


def differing(who, query, luck):
    """Yield the cells of an answer whose rows do not add up to it."""
    answer = ask(who, query)
    for row in luck.sample(list(answer.rows), min(len(answer.rows), 3)):
        for name, value in luck.sample(
            list(zip(query.values, row.values, strict=True)), min(3, len(row.values))
        ):
            found = rows(who, query, row.keys, name)
            listed = sum(one.value or 0 for one in found.lines)
            whole = found.count > len(found.lines) or listed == (found.added or 0)
            if (found.figure or 0) != (value or 0) or not whole:
                yield query, row.keys, name, value, found.added, listed


@pytest.mark.req("C-21")
@pytest.mark.parametrize("seed", range(12))
def test_the_rows_of_any_cell_add_up_to_it(seed):
    luck = random.Random(seed)
    who = analyst(seed, AREAS[seed % len(AREAS)])
    questions = [query for query in (asked_at_random(luck) for _ in range(12)) if query]
    assert [one for query in questions for one in differing(who, query, luck)] == []


def filtered_beforehand(release, areas, folder):
    """Return a copy of the release without any row of a fact that lies outside the areas."""
    copy = replace(release, path=folder / f"only-{'-'.join(areas)}")
    copy.path.mkdir()
    shutil.copy(release.path / "serving.duckdb", copy.path)
    inside = " OR ".join(f"cur_org_code = '{area}' OR starts_with(cur_org_code, '{area}.')" for area in areas)
    facts = {fact.table for subject in load_catalog().subjects.values() for fact in subject.facts.values()}
    engine = connect(copy.path / "serving.duckdb", memory_limit="256MB", threads=1)
    for fact in sorted(facts):
        kept = f"SELECT org_code FROM core.dim_org WHERE {inside}"
        engine.run(f"DELETE FROM {fact} WHERE org_code IS NULL OR org_code NOT IN ({kept})")
    engine.close()
    return copy


@pytest.mark.parametrize("areas", AREAS[1:], ids="+".join)
def test_nobody_reads_a_row_of_another_area(release, areas, tmp_path):
    """As the rows of data filtered beforehand, of cells of a table of the whole nation: another unit's too."""
    luck, who, nation = random.Random(7), analyst(1, areas), analyst(2, ("00",))
    only, everywhere = filtered_beforehand(current_release(release), areas, tmp_path), OrgScope.of(["00"])
    how = {"limit": 50_000, "timeout_s": None, "stopped": None}
    for query in [one for one in (asked_at_random(luck) for _ in range(15)) if one]:
        sight = Sight(load_catalog().subject(query.subject), only, everywhere, frozenset())
        for row in luck.sample(found := list(ask(nation, query).rows), min(3, len(found))):
            asked = Asked(query, row.keys, luck.choice(query.values))
            expected = read_rows(asked, sight, Window(), how)
            try:
                mine = drill.rows(asked, Reading(), by=who, today=TODAY)
            except Denied:
                assert expected.count == 0
            else:
                assert (mine.count, mine.added, mine.lines) == (
                    expected.count,
                    expected.added,
                    expected.lines,
                )


def test_a_person_without_clearance_sees_no_name(monkeypatch):
    who, query = analyst(1, ("00.01",)), question(rows=["org.province"], values=["due_vnd", "participants"])
    masked = [rows(who, query, ("00.01",), name) for name in query.values]
    assert all(page.hidden == ("Mã số BHXH",) for page in masked)
    assert {line.cells[page.heads.index("Mã số BHXH")] for page in masked for line in page.lines} == {"***"}
    assert "NGUYỄN" not in "".join(page.to_csv() for page in masked)
    monkeypatch.setattr(drill, "clearance_of", lambda account, today: frozenset({"identity"}))
    shown = rows(who, query, ("00.01",), "participants")
    assert len({line.cells for line in shown.lines}) == shown.count == masked[1].count
    assert any("NGUYỄN" in line.cells[0] for line in shown.lines)


def test_a_filter_on_persons_is_refused_and_its_value_hidden():
    who = analyst(1, ("00.01",))
    query = question(filters=[{"field": "participant", "op": "eq", "values": ["0123456789"]}])
    with pytest.raises(Denied):
        rows(who, query, (None,), "due_vnd")
    assert "0123456789" not in AuditRecord.objects.get(action="data.refused").body


def test_reading_rows_is_on_record_with_the_question_of_the_cell():
    rows(analyst(1, ("00.01",)), question(rows=["fund.fund"], values=["due_vnd"]), ("si",), "due_vnd", page=2)
    written = AuditRecord.objects.get(action="data.rows_read")
    facts = written.facts
    assert facts["query"]["filters"] == [{"field": "fund.fund", "op": "eq", "values": ["si"]}]
    assert (facts["first"], facts["rows"], facts["scope"]) == (101, 100, ["00.01"])
    assert written.object == "subject:contributions"


@pytest.mark.parametrize(
    ("keys", "filters"), [(("00.48-2025",), []), ((None,), in_unit("00.48-2025"))], ids=["cell", "filter"]
)
def test_another_unit_is_refused_and_the_refusal_is_on_record(keys, filters):
    with pytest.raises(Denied):
        rows(analyst(1, ("00.01",)), question(values=["due_vnd"], filters=filters), keys, "due_vnd")
    assert AuditRecord.objects.filter(action="data.refused").exists()
    assert not AuditRecord.objects.filter(action="data.rows_read").exists()


@pytest.mark.parametrize(("keys", "measure"), [((), "due_vnd"), (("00.01",), "collection_rate")])
def test_a_cell_that_is_none_is_refused(keys, measure):
    with pytest.raises(Invalid):
        rows(analyst(1, ("00.01",)), question(), keys, measure)


def test_a_file_holds_every_row_and_their_sum():
    who, query = analyst(1, ("00.01",)), question(values=["due_vnd"])
    page = rows(who, query, ("00.01",), "due_vnd", is_file=True)
    lines = page.to_csv().splitlines()
    assert len(lines) == page.count + 2
    assert lines[-1].rpartition(",")[2] == str(page.added) == str(ask(who, query).rows[0].values[0])


def test_a_file_of_too_many_rows_is_an_extract_by_letter(monkeypatch):
    monkeypatch.setattr(drill, "MAX_ROWS", 3)
    with pytest.raises(TooManyRows, match=r"QĐ-2366 Điều 5\.2"):
        rows(analyst(1, ("00.01",)), question(), (None,), "due_vnd", is_file=True)


def test_who_may_not_take_data_out_gets_no_file():
    account = hire("qt@vss.gov.vn", "Quản Trị", "00.CNTT", "Trung tâm CNTT", "NV9")
    give(account, "central_admin", "00")
    assert rows(account, question(), (None,), "due_vnd").count
    with pytest.raises(Denied):
        rows(account, question(), (None,), "due_vnd", is_file=True)
