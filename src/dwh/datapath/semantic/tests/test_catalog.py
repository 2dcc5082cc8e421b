from copy import deepcopy

import pytest
import yaml

from dwh.datapath.semantic.catalog import SUBJECTS, BrokenSubject, example_holds, load_catalog, read_subject
from dwh.datapath.semantic.words import STOCKS

CATALOG = load_catalog()
THEMES = {
    "contributions", "participants", "cards", "benefits", "benefit_payments", "unemployment", "claims", "ledger",
    "budget", "households", "efiling", "staff", "sign_ins",
}  # fmt: skip
MEASURES = [(s, m) for s in CATALOG.subjects.values() for m in s.measures.values()]
INDICATORS = [(s, i) for s in CATALOG.subjects.values() for i in s.indicators.values()]


def contributions():
    return yaml.safe_load((SUBJECTS / "contributions.yaml").read_text(encoding="utf-8"))


@pytest.mark.req("E-04")
def test_the_catalogue_lists_subjects_with_measures_and_dimensions():
    listed = {subject["name"]: subject for subject in CATALOG.to_json()["subjects"]}
    assert set(listed) == THEMES
    for subject in listed.values():
        levels = [level["name"] for dimension in subject["dimensions"] for level in dimension["levels"]]
        assert {
            "org.nation",
            "org.province",
            "org.office",
            "month.year",
            "month.quarter",
            "month.month",
        } <= set(levels)
        assert all(m["unit"] and m["additive"] and m["label"] for m in subject["measures"])
        assert all(i["unit"] and i["status"] and i["formula"] and i["source"] for i in subject["indicators"])


@pytest.mark.req("D-14")
@pytest.mark.parametrize(("subject", "measure"), MEASURES, ids=lambda x: x.name)
def test_every_measure_says_unit_additivity_label_and_meaning(subject, measure):
    assert measure.unit
    assert measure.label
    assert measure.description.endswith(".")
    assert measure.additive in ("all", "none", *STOCKS)


@pytest.mark.parametrize(("subject", "indicator"), INDICATORS, ids=lambda x: x.name)
def test_every_worked_example_comes_true(subject, indicator):
    assert example_holds(indicator)


@pytest.mark.parametrize(("subject", "indicator"), INDICATORS, ids=lambda x: x.name)
def test_no_indicator_claims_an_item_number_of_its_own(subject, indicator):
    assert (indicator.status, indicator.item) == ("draft", None)


def test_the_catalogue_can_be_cut_to_what_a_person_may_ask():
    cut = CATALOG.to_json(subjects=["claims"])
    assert [subject["name"] for subject in cut["subjects"]] == ["claims"]
    assert cut["catalog"] == CATALOG.hash


def test_the_hash_names_the_exact_words(tmp_path):
    for path in SUBJECTS.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_catalog(tmp_path).hash == CATALOG.hash
    changed = (
        (tmp_path / "claims.yaml")
        .read_text(encoding="utf-8")
        .replace("100 * inpatient_visits", "100.0 * inpatient_visits")
    )
    other = tmp_path / "other"
    other.mkdir()
    (other / "claims.yaml").write_text(changed, encoding="utf-8")
    (other / "contributions.yaml").write_text(
        (tmp_path / "contributions.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert load_catalog(other).hash != CATALOG.hash


def _without(*path):
    def cut(document):
        place = document
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return cut


def _with(value, *path):
    def put(document):
        place = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return put


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_without("facts", "contribution", "scope_column"), "no scope_column"),
        (_with("office", "facts", "contribution", "scope_column"), "no scope"),
        (_without("dimensions", "org"), "one org dimension"),
        (_without("dimensions", "org", "scope_key"), "one org dimension"),
        (_without("measures", "due_vnd", "unit"), "no unit"),
        (_without("measures", "due_vnd", "additive"), "no additive"),
        (_with("all", "measures", "participants", "additive"), "a distinct count never adds up"),
        (_with("none", "measures", "due_vnd", "additive"), "a sum always does"),
        (_with("last", "measures", "lines", "additive"), "a distinct count never adds up"),
        (_with("first", "measures", "lines", "additive"), "a distinct count never adds up"),
        (_with(["TG1"], "measures", "due_vnd", "indicator"), "codes such as TG-01"),
        (_with("median", "measures", "due_vnd", "agg"), "agg is"),
        (_with("elsewhere", "measures", "due_vnd", "fact"), "unknown fact"),
        (_with("due_vnd", "measures", "lines", "column"), "a count has no column"),
        (_with("due_vnd ** 2", "indicators", "arrears_vnd", "formula"), "Công thức sai"),
        (_with("due_vnd - paid", "indicators", "arrears_vnd", "formula"), "unknown measures ['paid']"),
        (_with(46, "indicators", "arrears_vnd", "example", "expect"), "worked example does not come true"),
        (_with({"due_vnd": 1}, "indicators", "arrears_vnd", "example", "given"), "other inputs"),
        (_with("approved", "indicators", "arrears_vnd", "status"), "approved needs the item number"),
        (_with("province", "dimensions", "fund", "default"), "default level"),
        (_with({"claim": "x"}, "dimensions", "fund", "columns"), "columns name a fact"),
        (_without("dimensions", "fund", "key"), "table and key go together"),
        (_with("core.dim_fund", "dimensions", "fund", "table_as_of"), "only units stand as of a day"),
        (_with("SELECT 1", "dimensions", "fund", "levels", "fund", "derive"), "unknown derive"),
        (_with(1, "dimensions", "fund", "colour"), "unknown keys ['colour']"),
    ],
)  # fmt: skip
def test_a_subject_that_is_not_whole_does_not_load(damage, says):
    document = deepcopy(contributions())
    damage(document)
    with pytest.raises(BrokenSubject) as broken:
        read_subject(document, "contributions")
    assert says in str(broken.value)


def test_a_measure_and_an_indicator_do_not_share_a_name():
    document = contributions()
    document["indicators"]["due_vnd"] = document["indicators"]["arrears_vnd"]
    with pytest.raises(BrokenSubject, match="share a name"):
        read_subject(document, "contributions")
