"""The organisation as the personnel system tells it: what each office was, and who answers for it today."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.oracle.tables import code_list, living

NATION = "00"
REFORM = "2025-07-01"
BASES = ("as_was", "as_is")


def org_levels(sources: Path) -> pl.DataFrame:
    """Return per ma_cq_bhxh: `owner` (today's unit) and the key of each org level in both bases."""
    units = living(
        sources,
        "ns_don_vi",
        dict.fromkeys(("ma_dv", "cap", "ma_tinh", "hieu_luc_tu", "tien_than", "ma_cq_bhxh"), pl.String),
    ).to_dicts()
    by_code = {unit["ma_dv"]: unit for unit in units}
    heirs = {
        old.strip(): unit["ma_dv"] for unit in units for old in (unit["tien_than"] or "").split(";") if old
    }
    regions = {
        era: {r["province_code"]: r["region_code"] for r in code_list(f"province_{era}")}
        for era in ("old", "new")
    }

    def levels(code: str) -> dict[str, str | None]:
        unit = by_code[code]
        province = code.split(".")[0] if unit["cap"] != "1" else None
        return {
            "region": _region(by_code[province], regions) if province else None,
            "province": f"00.{province}" if province else None,
            "office": f"00.{code}" if unit["cap"] == "3" else None,
        }

    rows = []
    for unit in units:
        if unit["cap"] not in ("2", "3") and unit["ma_dv"] != NATION:
            continue  # a department answers for no rows
        now = unit["ma_dv"]
        while now in heirs:
            now = heirs[now]
        found = {"as_was": levels(unit["ma_dv"]), "as_is": levels(now)}
        keys = {f"org.{level}@{basis}": found[basis][level] for basis in BASES for level in found[basis]}
        owner = NATION if now == NATION else f"00.{now}"
        rows.append({"ma_cq_bhxh": unit["ma_cq_bhxh"], "owner": owner} | keys)
    return pl.DataFrame(rows, infer_schema_length=None)


def _region(province: dict[str, str], regions: dict[str, dict[str, str]]) -> str | None:
    number = province["ma_tinh"]
    era = "new" if province["hieu_luc_tu"] >= REFORM else "old"
    return regions[era].get(number) or regions["old"].get(number) or regions["new"].get(number)


def placed(rows: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Join rows to their office; a row of an unknown office belongs to the nation."""
    known = levels["ma_cq_bhxh"].to_list()
    office = pl.when(pl.col("ma_cq_bhxh").is_in(known)).then(pl.col("ma_cq_bhxh")).otherwise(pl.lit("00000"))
    return rows.with_columns(office.alias("ma_cq_bhxh")).join(levels, on="ma_cq_bhxh", how="left")
