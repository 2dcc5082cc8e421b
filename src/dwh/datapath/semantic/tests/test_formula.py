from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.datapath.semantic.formula import evaluate, exactly, inputs, parse
from dwh.kernel.errors import Invalid


def value(text, **given):
    with exactly():
        return evaluate(parse(text), {name: None if v is None else Decimal(v) for name, v in given.items()})


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("100 * a / b", "95"),
        ("a - b - 5", "-50"),
        ("a / b / 2", "0.475"),
        ("-(a - b) * 2", "90"),
        ("2.5 + 1", "3.5"),
        ("max(a, b) - min(a, b)", "45"),
        ("abs(a - b)", "45"),
        ("a * (b + -1)", "768645"),
    ],
)
def test_formulas_follow_the_rules_of_arithmetic(text, expect):
    assert value(text, a=855, b=900) == Decimal(expect)


def test_division_by_zero_has_no_value():
    assert value("100 * a / (b - b)", a=1, b=2) is None


def test_a_missing_input_has_no_value():
    assert value("a + b", a=1, b=None) is None
    assert value("max(a, b)", a=1, b=None) is None


def test_the_inputs_are_the_names_once_each():
    assert inputs(parse("a + b * a / total(c)")) == ("a", "b", "total:c")


@pytest.mark.parametrize(
    "text",
    [
        "", "a +", "a b", "(a", "a)", "a ** 2", "a; b", "a.b", "__import__('os')", "A", "a = b", "1e5", "sum(a)",
        "max(a)", "abs(a, b)", "total(a + b)", "total(1)", "a -- SELECT", "a'", '"a"', "a % b", "ố", "１ + a",
        "(" * 40 + "a" + ")" * 40, "-" * 60 + "a", "a" * 501,
    ],
)  # fmt: skip
def test_anything_outside_the_grammar_is_refused(text):
    with pytest.raises(Invalid):
        parse(text)


trees = st.recursive(
    st.sampled_from(["a", "b", "c", "7", "0.5"]),
    lambda inner: st.builds(lambda x, o, y: f"({x} {o} {y})", inner, st.sampled_from("+-*/"), inner),
    max_leaves=8,
)


@given(trees, st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_values_agree_with_exact_fractions(text, a, b, c):
    got = value(text, a=a, b=b, c=c)
    names = {"a": Fraction(a), "b": Fraction(b), "c": Fraction(c)}
    fractions = text.replace("7", "Fraction(7)").replace("0.5", "Fraction(1, 2)")
    try:
        expect = eval(fractions, {"Fraction": Fraction, **names})  # a text of our own making
    except ZeroDivisionError:
        assert got is None
        return
    assert got is not None
    assert abs(Fraction(got) - expect) <= abs(expect) * Fraction(1, 10**25) + Fraction(1, 10**25)


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_refusal(text):
    try:
        tree = parse(text)
    except Invalid:
        return
    names = [part for name in inputs(tree) for part in name.removeprefix("total:").split(":")]
    assert all(name.isidentifier() for name in names)
