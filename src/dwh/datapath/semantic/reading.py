"""Reads the parts of a decoded JSON document: known keys, lists, names. Every refusal is one Vietnamese sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dwh.datapath.semantic.words import nearest
from dwh.kernel.errors import Invalid


def only_known(document: Mapping[Any, Any], known: tuple[str, ...], what: str) -> None:
    """Refuse a key that is not one of `known`, offering the nearest."""
    for key in document:
        if key not in known:
            raise Invalid(
                f"{what} có khóa lạ «{shown(key)}».{nearest(shown(key), known)}"
                f" Các khóa được dùng: {', '.join(known)}."
            )


def listed(document: Mapping[str, Any], key: str, most: int) -> list[Any]:
    """Return the list under `key`, empty when it is left out. Raises Invalid: no list, or more than `most`."""
    got = document.get(key, [])
    if not isinstance(got, list):
        raise Invalid(f"«{key}» phải là một danh sách.")
    if len(got) > most:
        raise Invalid(f"«{key}» có {len(got)} mục, nhiều nhất là {most}. Hãy bớt đi.")
    return got


def names(document: Mapping[str, Any], key: str, most: int) -> tuple[str, ...]:
    """Return the names under `key`."""
    return tuple(text_of(name, key) for name in listed(document, key, most))


def truth(document: Mapping[str, Any], key: str, *, otherwise: bool) -> bool:
    """Return the true or false under `key`."""
    got = document.get(key, otherwise)
    if not isinstance(got, bool):
        raise Invalid(f"«{key}» phải là true hoặc false.")
    return got


def text_of(value: Any, key: str) -> str:
    """Return a text that is not empty and can be printed. Raises Invalid."""
    if not isinstance(value, str) or not value:
        raise Invalid(f"«{key}» phải là tên viết bằng chuỗi, không được để trống.")
    return clean(value, key)


def clean(value: str, key: str) -> str:
    """Return `value`, or refuse what cannot be printed."""
    if "\x00" in value or not value.isprintable():
        raise Invalid(f"«{key}» có ký tự không in được. Hãy gõ lại giá trị này.")
    return value


def shown(value: Any) -> str:
    """Return how a stranger's value stands in a message."""
    return "".join(c if c.isprintable() else "�" for c in str(value)[:80])
