"""One calculation as a question writes it. Parsing only: `check` holds it against the question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dwh.datapath.semantic.calculations.kinds import BASES, KINDS, Kind
from dwh.datapath.semantic.reading import clean, listed, only_known, shown, text_of
from dwh.datapath.semantic.words import nearest
from dwh.kernel.errors import Invalid

MAX_CALCULATIONS: Final = 12
MAX_PERIODS: Final = 24
MAX_DECIMALS: Final = 6
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_RESERVED: Final = ("total", "abs", "min", "max")
_KEYS: Final = ("name", "kind", "of", "base", "periods", "formula", "label", "unit", "decimals")
_LEAST_PERIODS: Final = 2


@dataclass(frozen=True, slots=True)
class Calculation:
    """One more value column. `label`, `unit`, `decimals` are None where the kind gives them."""

    name: str
    kind: str
    of: str = ""
    base: str = ""
    periods: int = 0
    formula: str = ""
    label: str | None = None
    unit: str | None = None
    decimals: int | None = None

    @property
    def is_of(self) -> Kind:
        return KINDS[self.kind]

    def to_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {"name": self.name, "kind": self.kind}
        document |= {key: getattr(self, key) for key in self.is_of.needs}
        more = {key: getattr(self, key) for key in ("label", "unit", "decimals")}
        return document | {key: value for key, value in more.items() if value is not None}


def read_calculations(document: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Return the calculations of a question.

    Raises:
        Invalid: more than 12, an unknown kind or key, a key the kind needs and has not, or does not take.
    """
    found = listed(document, "calculations", MAX_CALCULATIONS)
    return tuple(_read(one) for one in found)


def _read(one: Any) -> Calculation:
    if not isinstance(one, Mapping):
        raise Invalid('Mỗi phép tính phải có dạng {"name": …, "kind": …, "of": …}.')
    only_known(one, _KEYS, "Phép tính")
    name, kind = text_of(one.get("name"), "name"), one.get("kind")
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise Invalid(
            f"Tên phép tính «{shown(name)}» không hợp lệ. Hãy dùng chữ thường không dấu, số và gạch dưới,"
            f" bắt đầu bằng chữ, tối đa 40 ký tự; {', '.join(_RESERVED)} là tên của hàm."
        )
    if not isinstance(kind, str) or kind not in KINDS:
        raise Invalid(
            f"Không có loại phép tính «{shown(kind)}».{nearest(shown(kind), KINDS)} Các loại: {', '.join(KINDS)}."
        )
    _only_its_keys(one, name, KINDS[kind])
    return Calculation(
        name, kind, of=_given(one, "of", name), base=_base(one, name), periods=_periods(one, name),
        formula=_given(one, "formula", name), label=_short(one, "label"), unit=_short(one, "unit"),
        decimals=_decimals(one),
    )  # fmt: skip


def _only_its_keys(one: Mapping[Any, Any], name: str, kind: Kind) -> None:
    for key in ("of", "base", "periods", "formula"):
        if (key in one) != (key in kind.needs):
            said = "cần thêm" if key in kind.needs else "không dùng"
            raise Invalid(
                f"Phép tính «{name}» loại {kind.name} ({kind.label}) {said} khóa «{key}»."
                f" Các khóa của loại này: {', '.join(kind.needs)}."
            )


def _given(one: Mapping[Any, Any], key: str, name: str) -> str:
    return text_of(one[key], f"{key}» của phép tính «{name}") if key in one else ""


def _base(one: Mapping[Any, Any], name: str) -> str:
    base = one.get("base", "")
    if base != "" and base not in BASES:
        raise Invalid(
            f"«base» của phép tính «{name}» là previous (kỳ trước) hoặc same_last_year (cùng kỳ năm trước)."
        )
    return str(base)


def _periods(one: Mapping[Any, Any], name: str) -> int:
    periods = one.get("periods", 0)
    whole = isinstance(periods, int) and not isinstance(periods, bool)
    if not whole or ("periods" in one and not _LEAST_PERIODS <= periods <= MAX_PERIODS):
        raise Invalid(
            f"«periods» của phép tính «{name}» phải là số nguyên từ {_LEAST_PERIODS} đến {MAX_PERIODS}."
        )
    return int(periods)


def _short(one: Mapping[Any, Any], key: str) -> str | None:
    text = one.get(key)
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > 80 or (key == "label" and not text.strip()):
        raise Invalid(f"«{key}» của phép tính phải là chuỗi, tối đa 80 ký tự.")
    return clean(text, key)


def _decimals(one: Mapping[Any, Any]) -> int | None:
    decimals = one.get("decimals")
    if decimals is None:
        return None
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= MAX_DECIMALS:
        raise Invalid(f"«decimals» của phép tính phải là số nguyên từ 0 đến {MAX_DECIMALS}.")
    return int(decimals)
