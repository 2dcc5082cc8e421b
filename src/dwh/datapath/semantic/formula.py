"""The formulas people may write: names, numbers, + - * / ( ) and four functions. Not SQL, not Python.

A formula is read by our own parser into a small tree, evaluated in Decimal over sums that the engine made;
so a ratio is always a ratio of sums. Division by zero, or a missing input, gives None and is shown as «–».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, localcontext
from operator import add, itemgetter, mul, sub
from typing import Any, Final

from dwh.kernel.errors import Invalid

Value = Decimal | None
MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 30
TOTAL_PREFIX: Final = "total:"  # the input name of total(x): x over everything the question covers

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)?)|(?P<sign>[-+*/(),]))",
    re.ASCII,
)
_FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Value]]]] = {
    "abs": (1, lambda a: abs(a)),
    "min": (2, lambda a, b: min(a, b)),
    "max": (2, lambda a, b: max(a, b)),
}


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A measure of the subject, or `claims:visits` of another; `total:x` stands for total(x)."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One of + - * / with two arguments, or a whitelisted function."""

    sign: str
    arguments: tuple[Node, ...]


Node = Number | Name | Operation


def parse(text: str) -> Node:
    """Return the tree of a formula.

    Raises:
        Invalid: anything outside the grammar, named with its place.
    """
    if len(text) > MAX_LENGTH:
        raise Invalid(f"Công thức dài quá {MAX_LENGTH} ký tự. Hãy tách thành nhiều chỉ tiêu.")
    parser = _Parser(text)
    tree = parser.sum(0)
    if parser.kind != "end":
        raise parser.refuse("thừa")
    return tree


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.kind, self.token = text, 0, "", ""
        self.advance()

    def advance(self) -> None:
        rest = self.text[self.place :]
        if not rest.strip():
            self.kind, self.token = "end", ""
            return
        match = _TOKEN.match(rest)
        if match is None:
            self.kind, self.token = "unknown", rest.strip()[0]
            raise self.refuse("không được dùng")
        self.kind = str(match.lastgroup)
        self.token = match.group(self.kind)
        self.place += match.end()

    def refuse(self, why: str) -> Invalid:
        shown = self.token or "hết công thức"
        return Invalid(
            f"Công thức sai ở «{shown}» ({why}). Chỉ dùng tên chỉ tiêu, số, + - * / ( ) và các hàm "
            f"{', '.join(sorted({*_FUNCTIONS, 'total'}))}.",
            formula=self.text,
        )

    def take(self, signs: str) -> str | None:
        if self.kind == "sign" and self.token in signs:
            sign = self.token
            self.advance()
            return sign
        return None

    def sum(self, depth: int) -> Node:
        left = self.product(depth)
        while sign := self.take("+-"):
            left = Operation(sign, (left, self.product(depth)))
        return left

    def product(self, depth: int) -> Node:
        left = self.atom(depth)
        while sign := self.take("*/"):
            left = Operation(sign, (left, self.atom(depth)))
        return left

    def atom(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.refuse("lồng quá sâu")
        if self.take("-"):
            return Operation("-", (Number(Decimal(0)), self.atom(depth + 1)))
        if self.take("("):
            inner = self.sum(depth + 1)
            self.close()
            return inner
        kind, token = self.kind, self.token
        if kind not in ("number", "name") or token.startswith(TOTAL_PREFIX):
            raise self.refuse("thiếu tên hoặc số")
        self.advance()
        if kind == "number":
            return Number(Decimal(token))
        return self.call(token, depth) if self.take("(") else Name(token)

    def close(self) -> None:
        if not self.take(")"):
            raise self.refuse("thiếu dấu đóng ngoặc")

    def call(self, function: str, depth: int) -> Node:
        arguments = [self.sum(depth + 1)]
        while self.take(","):
            arguments.append(self.sum(depth + 1))
        self.close()
        if function == "total" and len(arguments) == 1 and isinstance(arguments[0], Name):
            return Name(TOTAL_PREFIX + arguments[0].name)
        if function not in _FUNCTIONS or len(arguments) != _FUNCTIONS[function][0]:
            self.token = function
            raise self.refuse("không có hàm này với số tham số như vậy")
        return Operation(function, tuple(arguments))


def inputs(node: Node) -> tuple[str, ...]:
    """Return the names a formula reads, each once, in order of appearance."""
    if isinstance(node, Number):
        return ()
    if isinstance(node, Name):
        return (node.name,)
    return tuple(dict.fromkeys(name for argument in node.arguments for name in inputs(argument)))


@contextmanager
def exactly() -> Iterator[None]:
    """Compute in Decimal with 40 digits inside this block."""
    with localcontext() as context:
        context.prec = 40
        yield


def evaluate(node: Node, values: Mapping[str, Value]) -> Value:
    """Return the value of a formula; None when an input is missing or a divisor is 0.

    Units: those of its inputs; call it inside `exactly()` for 40 digits.
    """
    return compiled(node)(values)


def compiled(
    node: Node, read: Callable[[str], Callable[[Any], Value]] = itemgetter
) -> Callable[[Any], Value]:
    """Return the function of a formula, prepared once for many rows; `read` gives what reads an input from a row."""
    if isinstance(node, Number):
        constant = node.value
        return lambda _: constant
    if isinstance(node, Name):
        return read(node.name)
    arguments = [compiled(argument, read) for argument in node.arguments]
    if node.sign in _ARITHMETIC:
        return _two(_ARITHMETIC[node.sign], *arguments)
    function = _FUNCTIONS[node.sign][1]

    def call(values: Any) -> Value:
        found = [argument(values) for argument in arguments]
        return None if None in found else function(*found)

    return call


def _two(
    operation: Callable[[Decimal, Decimal], Value],
    left: Callable[[Any], Value],
    right: Callable[[Any], Value],
) -> Callable[[Any], Value]:
    def call(values: Any) -> Value:
        a, b = left(values), right(values)
        return None if a is None or b is None else operation(a, b)

    return call


_ARITHMETIC: Final[dict[str, Callable[[Decimal, Decimal], Value]]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": lambda a, b: a / b if b else None,
}
