"""Formulas worked out in Decimal from the tree that Python itself reads: not the program's parser."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

Value = Decimal | None
Given = Mapping[str, Value]
FUNCTIONS = {"abs": abs, "min": min, "max": max}


@cache
def tree(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def names(formula: str) -> list[str]:
    """Return the measures a formula reads, each once."""
    found = [node.id for node in ast.walk(tree(formula)) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(name for name in found if name not in (*FUNCTIONS, "total")))


def worked_out(formula: str, given: Given, whole: Given, decimals: int) -> Value:
    """Return the value of a formula, rounded as it is shown; None without an input or a divisor."""
    with localcontext() as context:
        context.prec = 40
        found = _value(tree(formula), given, whole)
        return None if found is None else at(found, decimals)


def at(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _value(node: ast.expr, given: Given, whole: Given) -> Value:
    match node:
        case ast.Constant():
            return Decimal(str(node.value))
        case ast.Name():
            return given[node.id]
        case ast.Call(func=ast.Name(id="total"), args=[ast.Name(id=name)]):
            return whole.get(name)
        case ast.Call(func=ast.Name(id=name)):
            values = [_value(one, given, whole) for one in node.args]
            return None if None in values else Decimal(FUNCTIONS[name](*values))
        case ast.UnaryOp():
            inside = _value(node.operand, given, whole)
            return None if inside is None else -inside
        case ast.BinOp():
            return _two(type(node.op), _value(node.left, given, whole), _value(node.right, given, whole))
    raise AssertionError(ast.dump(node))


def _two(sign: type[ast.operator], left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    return None if sign is ast.Div and not right else SIGNS[sign](left, right)


SIGNS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
