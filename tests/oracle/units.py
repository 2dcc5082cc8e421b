"""The organisation as the personnel system tells it: what each office was, and who answers for it today."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from tests.oracle.tables import code_list, living

NATION = "00"
REFORM = "2025-07-01"
DAYS = (
    "1990-01-01",
    "2024-12-31",
    "2025-03-15",
)  # before every unit, before the reform, between its two steps
BASES = ("as_was", "as_is", *(f"as_of:{day}" for day in DAYS))


def org_levels(sources: Path) -> pl.DataFrame:
    """Return per ma_cq_bhxh: `owner` (today's unit) and the key of each org level in both bases."""
    answering = [
        unit for unit in _every_unit(sources) if unit["cap"] in ("2", "3") or unit["ma_dv"] == NATION
    ]
    rows = [
        {"ma_cq_bhxh": unit["ma_cq_bhxh"]} | _levels(unit, sources) for unit in answering
    ]  # a department answers for no rows
    return pl.DataFrame(rows, infer_schema_length=None)


def unit_levels(sources: Path) -> pl.DataFrame:
    """Return per `unit`, departments and central ones too, what `org_levels` returns, and the unit and its class."""
    rows = [{"unit": _code(unit["ma_dv"])} | _levels(unit, sources) for unit in _every_unit(sources)]
    return pl.DataFrame(rows, infer_schema_length=None)


@cache
def _every_unit(sources: Path) -> list[dict[str, str]]:
    columns = ("ma_dv", "cap", "ma_tinh", "loai", "hieu_luc_tu", "hieu_luc_den", "tien_than", "ma_cq_bhxh")
    return living(sources, "ns_don_vi", dict.fromkeys(columns, pl.String)).to_dicts()


@cache
def _heirs(sources: Path) -> dict[str, str]:
    return {
        old.strip(): unit["ma_dv"]
        for unit in _every_unit(sources)
        for old in (unit["tien_than"] or "").split(";")
        if old
    }


@cache
def _by_code(sources: Path) -> dict[str, dict[str, str]]:
    return {unit["ma_dv"]: unit for unit in _every_unit(sources)}


def _levels(unit: dict[str, str], sources: Path) -> dict[str, str | None]:
    """Return the owner and the org levels of a unit as it was and as it is now."""
    now = unit["ma_dv"]
    while now in _heirs(sources):
        now = _heirs(sources)[now]
    found = {"as_was": _keys(unit["ma_dv"], sources), "as_is": _keys(now, sources)}
    found |= {f"as_of:{day}": _joint(_standing(unit["ma_dv"], day, sources), sources) for day in DAYS}
    keys = {f"org.{level}@{basis}": found[basis][level] for basis in BASES for level in found[basis]}
    return {"owner": _code(now)} | keys


def _standing(code: str, day: str, sources: Path) -> list[str]:
    """Return who stands for a unit on a day: itself, after its end its heirs, before it those it came from."""
    unit = _by_code(sources)[code]
    if unit["hieu_luc_tu"] <= day < (unit["hieu_luc_den"] or "9999"):
        return [code]
    if unit["hieu_luc_tu"] > day:
        nearer = [old.strip() for old in (unit["tien_than"] or "").split(";") if old]
    else:
        nearer = [_heirs(sources)[code]] if code in _heirs(sources) else []
    return sorted({one for other in nearer for one in _standing(other, day, sources)}) or [code]


def _joint(codes: list[str], sources: Path) -> dict[str, str | None]:
    """Return the levels of several units that cannot be told apart: their codes in order, joined."""
    each = [_keys(code, sources) for code in codes]
    if len(each) > 1:
        each = [keys | {"office": keys["office"] or keys["unit"]} for keys in each]
    return {level: "+".join(sorted({k[level] for k in each if k[level]})) or None for level in each[0]}


def _keys(code: str, sources: Path) -> dict[str, str | None]:
    unit = _by_code(sources)[code]
    province = code.split(".")[0] if unit["cap"] != "1" else None
    classes = {row["class_text"]: row["class_code"] for row in code_list("org_class")}
    return {
        "region": _region(_by_code(sources)[province]) if province else None,
        "province": _code(province) if province else None,
        "office": _code(code) if unit["cap"] == "3" else None,
        "unit": _code(code),
        "class": classes[unit["loai"]],
    }


def _code(unit: str) -> str:
    return unit if unit == NATION else f"{NATION}.{unit}"


def _region(province: dict[str, str]) -> str | None:
    number = province["ma_tinh"]
    regions = _regions()
    era = "new" if province["hieu_luc_tu"] >= REFORM else "old"
    return regions[era].get(number) or regions["old"].get(number) or regions["new"].get(number)


@cache
def _regions() -> dict[str, dict[str, str]]:
    return {
        era: {r["province_code"]: r["region_code"] for r in code_list(f"province_{era}")}
        for era in ("old", "new")
    }


def placed(rows: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Join rows to their office; a row of an unknown office belongs to the nation."""
    known = levels["ma_cq_bhxh"].to_list()
    office = pl.when(pl.col("ma_cq_bhxh").is_in(known)).then(pl.col("ma_cq_bhxh")).otherwise(pl.lit("00000"))
    return rows.with_columns(office.alias("ma_cq_bhxh")).join(levels, on="ma_cq_bhxh", how="left")
