"""The invented, short catalogue of diseases, drugs, services and supplies."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from demo.sources.schema import DATA

Array = Any


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Columns of every list, as arrays; weights of diseases per kind of care."""

    disease_codes: Array
    disease_names: Array
    disease_weights: Array  # 2 x diseases: out-patient, in-patient
    drugs: Array  # 3 x drugs: code, name, unit
    items: Array  # 4 x (exam, bed, services, supplies): code, name, cost group, unit
    services_from: int
    supplies_from: int


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of `data/catalogue.toml`."""
    raw = tomllib.loads((DATA / "catalogue.toml").read_text(encoding="utf-8"))
    codes, names, out, stay = zip(*raw["icd"], strict=True)
    weights = np.array([out, stay], dtype=float)
    exam, bed = raw["exam"], raw["bed"]
    items = [
        (exam[0], exam[1], 13, exam[2]), (bed[0], bed[1], 15, bed[2]),
        *((c, n, g, u) for c, n, g, u in raw["services"]), *((c, n, 10, u) for c, n, u in raw["supplies"]),
    ]  # fmt: skip
    return Catalogue(
        np.array(codes, dtype=object), np.array(names, dtype=object), weights / weights.sum(axis=1, keepdims=True),
        np.array(raw["drugs"], dtype=object).T, np.array(items, dtype=object).T, 2, 2 + len(raw["services"]),
    )  # fmt: skip


EXAM, BED = 0, 1
