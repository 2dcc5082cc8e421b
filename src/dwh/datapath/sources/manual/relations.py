"""Relations between the columns of a row: `tong_chi = chi_ngoai + chi_noi`, with how far they may be apart.

The language is names, numbers, + − * / and brackets; `nation.x` is the column of the row of the whole country.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from operator import add, mul, sub, truediv

Values = Mapping[str, Decimal | None]
_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation. `code` appears in letters to the owner of the data: it never changes."""

    code: str
    rule: str
    left: str
    right: ast.expr
    within: Decimal

    @property
    def names(self) -> frozenset[str]:
        """Return the columns the relation is about, those of the country's row left out."""
        return frozenset(
            {self.left} | {n.id for n in ast.walk(self.right) if isinstance(n, ast.Name)} - {"nation"}
        )

    def holds(self, row: Values, nation: Values) -> bool | None:
        """Tell whether the row keeps the relation; None when a value is missing or a divisor is nought."""
        said = row.get(self.left)
        worked_out = _value(self.right, row, nation)
        if said is None or worked_out is None:
            return None
        return abs(said - worked_out) <= self.within


def read_relation(code: str, rule: str, within: float) -> Relation:
    """Return the relation written as `left = right`.

    Raises: ValueError for anything the language does not have.
    """
    left, _, right = rule.partition("=")
    tree = ast.parse(right.strip(), mode="eval").body
    _lint(tree, rule)
    return Relation(code, rule, left.strip(), tree, Decimal(str(within)))


def _lint(node: ast.expr, rule: str) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        _lint(node.left, rule)
        _lint(node.right, rule)
        return
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    is_nation = (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "nation"
    )
    if not (is_number or is_nation or isinstance(node, ast.Name)):
        raise ValueError(f"{rule}: only names, numbers, + - * / and nation.x")


def _value(node: ast.expr, row: Values, nation: Values) -> Decimal | None:
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    if isinstance(node, ast.Name):
        return row.get(node.id)
    if isinstance(node, ast.Attribute):
        return nation.get(node.attr)
    assert isinstance(node, ast.BinOp)  # nothing else passes _lint
    left, right = _value(node.left, row, nation), _value(node.right, row, nation)
    if left is None or right is None:
        return None
    try:
        return _OPERATIONS[type(node.op)](left, right)
    except (DivisionByZero, InvalidOperation):
        return None
