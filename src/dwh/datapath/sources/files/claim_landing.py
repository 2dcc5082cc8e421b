"""How rows of claim files land: their ids, their sending number, their office; beside the database, never over it.

* `id` is negative and names the place: -(file << 35 | package << 15 | row). A database's ids are positive, so the
  two never meet, and no two places are alike; the same file gives the same ids again.
* `lan_gui` of a file's sendings lies below that of any sending of the database, -999 for the first: of one claim the
  newest is the largest, so the database wins where it has the claim, and between files the later one does.
* `updated_at` is when the file was first received.

Source: docs/adr/0011.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.contract import Column, TableContract
from dwh.datapath.sources.files.claim_intake import Intake
from dwh.datapath.sources.files.claim_tables import contract_of
from dwh.datapath.sources.files.journal import Entry
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem
from dwh.datapath.sources.manifest import Batch

SOURCE: Final = "claim_files"
FIRST_SENDING, LAST_SENDING = -999, -1
_PACKAGE_BITS, _ROW_BITS = 20, 15
_FILE_SHIFT = _PACKAGE_BITS + _ROW_BITS
RECEIVED = "tiếp nhận"
VERSION = Column("phien_ban", "text", nullable=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Facts of each package of a file, by its number in the file, as Arrow takes them."""

    entry: Entry
    good: pa.Array
    sending: pa.Array
    facility: pa.Array
    office: pa.Array
    version: pa.Array

    @property
    def received_at(self) -> datetime:
        return self.entry.received_at.astimezone(UTC).replace(tzinfo=None)


def table_of(table: str) -> TableContract:
    """Return how XML1, XML2 or XML3 lands from a file: the contract of the database, and the version's stamp."""
    contract = contract_of(table)
    return replace(contract, columns=(*contract.columns, VERSION))


def id_range(number: int) -> tuple[int, int]:
    """Return the smallest and the largest id a file of this number can have given."""
    return -((number + 1) << _FILE_SHIFT) + 1, -(number << _FILE_SHIFT)


def landed_of(settings: DataPathSettings, table: str, number: int) -> list[Batch]:
    """Return the batches of one table that a file brought; one, or none when it never landed."""
    low, high = id_range(number)
    every = landing.batches(settings, SOURCE, contract_of(table).name)
    return [batch for batch in every if batch.span and low <= batch.span[0].id and batch.span[1].id <= high]


def packages_of(batch: Batch) -> dict[int, int]:
    """Return package number → sending number of the claims of a landed batch of XML1."""
    rows = pq.read_table(batch.path, columns=["id", "lan_gui"])
    mask = (1 << _PACKAGE_BITS) - 1
    pairs = zip(rows["id"].to_pylist(), rows["lan_gui"].to_pylist(), strict=True)
    return {(-key >> _ROW_BITS) & mask: sending for key, sending in pairs}


def next_sendings(settings: DataPathSettings, intake: Intake) -> dict[int, int]:
    """Return package number → sending number of the good claims, one above what earlier files brought.

    Raises:
        FileRefused: a claim was sent more often than there are numbers.
    """
    wanted = _claims_of(intake)
    facilities = sorted({facility for facility, _ in wanted})
    episodes = pa.array([episode for _, episode in wanted], pa.string())
    for batch in landing.batches(settings, SOURCE, contract_of("XML1").name):
        columns = ["ma_cskcb", "ma_lk", "lan_gui"]
        rows = pq.read_table(batch.path, columns=columns, filters=pc.field("ma_cskcb").isin(facilities))
        hits = rows.filter(pc.is_in(rows["ma_lk"], episodes)).to_pylist()
        for hit in hits:
            key = (hit["ma_cskcb"], hit["ma_lk"])
            if key in wanted:
                number, sending = wanted[key]
                wanted[key] = number, max(sending, hit["lan_gui"] + 1)
    if any(sending > LAST_SENDING for _, sending in wanted.values()):
        problem = Problem(
            "KEY-02", "có hồ sơ đã gửi lại quá 999 lần", "đề nghị cơ sở kiểm tra phần mềm gửi hồ sơ"
        )
        raise FileRefused(replace(problem, place=Place(file=intake.path.name)))
    return dict(wanted.values())


def _claims_of(intake: Intake) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (facility, episode) → (package number, first sending) of the good claims."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for chunk in intake.spools["XML1"].chunks():
        pairs = zip(chunk["package"].to_pylist(), chunk["ma_lk"].to_pylist(), strict=True)
        found |= {
            (intake.facilities[number], episode): (number, FIRST_SENDING)
            for number, episode in pairs
            if intake.good[number]
        }
    return found


def offices(settings: DataPathSettings) -> Mapping[str, str]:
    """Return facility code → office in charge of it, as the claim system says today; empty before it landed."""
    found: dict[str, tuple[datetime, str]] = {}
    for batch in landing.batches(settings, "claims", "gd_cskcb"):
        if batch.kind != "rows":
            continue
        for row in pq.read_table(batch.path, columns=["ma_cskcb", "ma_cq_bhxh", "updated_at"]).to_pylist():
            code, newest = row["ma_cskcb"].strip(), found.get(row["ma_cskcb"].strip())
            if row["ma_cq_bhxh"] and (newest is None or newest[0] <= row["updated_at"]):
                found[code] = row["updated_at"], row["ma_cq_bhxh"]
    return {code: office for code, (_, office) in found.items()}


def arrival(
    intake: Intake, entry: Entry, sendings: Mapping[int, int], office_of: Mapping[str, str]
) -> Arrival:
    """Return the facts of the packages; only those with a sending number land."""
    every = range(intake.packages)
    return Arrival(
        entry=entry,
        good=pa.array([number in sendings for number in every], pa.bool_()),
        sending=pa.array([sendings.get(number) for number in every], pa.int64()),
        facility=pa.array(intake.facilities, pa.string()),
        office=pa.array([office_of.get(facility) for facility in intake.facilities], pa.string()),
        version=pa.array(intake.versions, pa.string()),
    )


def landing_rows(intake: Intake, table: str, facts: Arrival) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one table as they land, typed, held ones left out."""
    columns = table_of(table).landed
    schema = pa.schema([pa.field(c.name, c.arrow, nullable=c.nullable) for c in columns])
    for chunk in intake.spools[table].chunks():
        kept = chunk.filter(facts.good.take(chunk["package"]))
        if kept.num_rows:
            made = _made(kept, table, facts)
            arrays = [_column(kept, made, column) for column in columns]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _column(chunk: pa.RecordBatch, made: Mapping[str, pa.Array], column: Column) -> pa.Array:
    if column.name in made:
        return made[column.name]
    if column.name in chunk.schema.names:
        return chunk[column.name].cast(column.arrow)
    return pa.nulls(chunk.num_rows, column.arrow)


def _made(chunk: pa.RecordBatch, table: str, facts: Arrival) -> dict[str, pa.Array]:
    """Return the columns that the file itself does not hold."""
    package, count = chunk["package"], chunk.num_rows
    received = pa.array([facts.received_at] * count, pa.timestamp("us"))
    row = chunk["row"] if table != "XML1" else pa.array([0] * count, pa.int32())
    place = pc.add(pc.multiply(package.cast(pa.int64()), 1 << _ROW_BITS), row.cast(pa.int64()))
    version = facts.version.take(package)
    made = {
        "id": pc.negate(pc.add(place, facts.entry.number << _FILE_SHIFT)),
        "lan_gui": facts.sending.take(package), "ma_cskcb": facts.facility.take(package),
        "ma_cq_bhxh": facts.office.take(package), "created_at": received, "updated_at": received,
        "is_deleted": pa.array([False] * count, pa.bool_()), "phien_ban": version,
    }  # fmt: skip
    if table == "XML1":
        month = pc.utf8_lpad(chunk["thang_qt"], 2, "0")
        made |= {
            "thoi_gian_tiep_nhan": received, "loai_ho_so": version, "trang_thai": pa.array([RECEIVED] * count),
            "ky_qt": pc.binary_join_element_wise(chunk["nam_qt"], month, ""),
        }  # fmt: skip
    return made
