"""Reads every byte that was published or landed, and compares it with the digest written when it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from dwh.datapath.checking.findings import Area, Finding, Looked
from dwh.datapath.pipeline.base import describe
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import decisions
from dwh.datapath.sources.beside import BESIDE, feeds_of
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.sources.files.journal import Journal
from dwh.datapath.sources.landing import folder_of, manifests, verify_batch
from dwh.datapath.sources.manifest import read_manifest
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import PartStore, sha256_of
from dwh.datapath.warehouse.release import CURRENT, MANIFEST, SERVING, gone_releases, published_names
from dwh.kernel.errors import DamagedFile
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.progress import Progress

_RESTORE = "Khôi phục thư mục từ bản sao lưu; chưa khôi phục thì không xóa tệp nào trong kho."
_REBUILD = (
    "Giữ tệp hỏng làm chứng, báo lãnh đạo; khôi phục tệp từ bản sao lưu, "
    "hoặc chạy `dwh build --full` để tổng hợp lại."
)
_AGAIN = "Giữ tệp hỏng làm chứng, báo lãnh đạo; chạy `dwh run`: tệp phục vụ được làm lại từ các phần đã lưu."


@cites(QD_2366.art("9.7"), QD_2366.art("10.1.6"), QC_DWH.art("7.5"))
def check_releases(settings: DataPathSettings, progress: Progress) -> tuple[Looked, dict[str, str]]:
    """Return what the manifests of all published releases look like, and release → sha256 of its manifest file."""
    names = published_names(settings)
    progress.step("Kiểm tra biên bản các bản công bố", total=len(names), unit="bản")
    findings, digests, read = list(_gone_releases(settings)), {}, 0
    for done, name in enumerate(names, start=1):
        progress.check()
        path = settings.releases / name / MANIFEST
        try:
            Manifest.read(path)
        except DamagedFile as fault:
            findings.append(_finding(Area.MANIFESTS, path, settings, fault.message_vi))
        if path.is_file():
            digests[name], read = sha256_of(path), read + path.stat().st_size
        progress.advance(done)
    return Looked(Area.MANIFESTS, len(names), read, tuple(findings)), digests


def check_parts(settings: DataPathSettings, progress: Progress) -> Looked:
    """Return what the parts of all published releases look like, each read once however many releases share it."""
    store = PartStore(settings.parts)
    parts = {
        part.file: part for m in readable(settings) for months in m.parts.values() for part in months.values()
    }
    progress.step("Đọc từng phần số liệu đã công bố", total=len(parts), unit="tệp")
    findings, read = [], 0
    for done, part in enumerate(parts.values(), start=1):
        progress.check()
        path = store.path(part)
        try:
            store.verify(part)
            read += path.stat().st_size
        except DamagedFile:
            said = "không còn tệp" if not path.is_file() else "nội dung khác với lúc ghi"
            findings.append(Finding(Area.PARTS, _named(path, settings), f"Phần số liệu: {said}.", _REBUILD))
        progress.advance(done)
    return Looked(Area.PARTS, len(parts), read, tuple(findings))


def check_serving(settings: DataPathSettings, progress: Progress) -> Looked:
    """Return what the serving databases of all published releases look like."""
    promised = [(m.id, m.serving) for m in readable(settings) if m.serving]
    progress.step("Đọc tệp phục vụ của từng bản công bố", total=len(promised), unit="tệp")
    findings, read = [], 0
    for done, (name, serving) in enumerate(promised, start=1):
        progress.check()
        path = settings.releases / name / SERVING
        try:
            found = describe(path)
            read += found["bytes"]
            said = "" if found == serving else "nội dung khác với lúc công bố"
        except FileNotFoundError:
            said = "không còn tệp"
        if said:
            findings.append(Finding(Area.SERVING, _named(path, settings), f"Tệp phục vụ: {said}.", _AGAIN))
        progress.advance(done)
    return Looked(Area.SERVING, len(promised), read, tuple(findings))


def check_landing(settings: DataPathSettings, progress: Progress) -> Looked:
    """Return what the landed batches look like: each against its manifest, and none gone that a release was made of."""
    found = list(_batches(settings))
    progress.step("Đọc từng lô dữ liệu đã nhận", total=len(found), unit="lô")
    findings, read = [*_gone_batches(settings, found), *_journals(settings)], 0
    for done, path in enumerate(found, start=1):
        progress.check()
        try:
            batch = read_manifest(path)
            verify_batch(batch)
            read += batch.path.stat().st_size
        except DamagedFile as fault:
            findings.append(_finding(Area.LANDING, path.with_suffix(".parquet"), settings, fault.message_vi))
        progress.advance(done)
    return Looked(Area.LANDING, len(found), read, tuple(findings))


def readable(settings: DataPathSettings) -> Iterator[Manifest]:
    """Yield the manifests of published releases that can be read; the others are found by `check_releases`."""
    for name in published_names(settings):
        try:
            yield Manifest.read(settings.releases / name / MANIFEST)
        except DamagedFile:
            continue


def _gone_releases(settings: DataPathSettings) -> Iterator[Finding]:
    """Yield the releases the journal says were published and whose folder is gone; and a pointer to nothing."""
    for name in gone_releases(settings):
        path = settings.releases / name
        said = "Sổ công bố ghi bản này nhưng thư mục không còn."
        yield Finding(Area.MANIFESTS, _named(path, settings), said, _RESTORE)
    pointer = settings.releases / CURRENT
    if pointer.is_symlink() and not pointer.exists():
        yield Finding(
            Area.MANIFESTS, f"releases/{CURRENT}", "Con trỏ bản đang dùng chỉ vào chỗ không có.", _RESTORE
        )


def _batches(settings: DataPathSettings) -> Iterator[Path]:
    for name in source_names():
        for source in feeds_of(name):
            for table in load_contract(name).tables:
                yield from manifests(folder_of(settings, source, table.name))
    yield from manifests(folder_of(settings, decisions.SOURCE, decisions.TABLE))


def _gone_batches(settings: DataPathSettings, found: Iterable[Path]) -> Iterator[Finding]:
    """Yield batches the release in use was made of that are neither landed nor set aside as damaged."""
    here = {f"{path.parent.parent.name}.{path.parent.name}.{path.name[:6]}" for path in found}
    newest = list(readable(settings))[-1:]
    used = {batch for m in newest for batches in m.inputs.values() for batch in batches}
    for batch in sorted(used - here):
        source, table, seq = (
            batch.rpartition(".")[0].partition(".")[0],
            batch.split(".")[1],
            batch.rpartition(".")[2],
        )
        folder = folder_of(settings, source, table)
        if not any((folder / "damaged").glob(f"{seq}-*")):
            path = folder / f"{seq}-rows.parquet"
            yield _finding(
                Area.LANDING, path, settings, "Lô dữ liệu đã dùng để tổng hợp không còn trong kho."
            )


def _journals(settings: DataPathSettings) -> Iterator[Finding]:
    for source in {name for files in BESIDE.values() for name in files}:
        journal = Journal(settings, source)
        try:
            journal.entries()
        except DamagedFile as fault:
            yield _finding(Area.LANDING, Path(fault.facts["path"]), settings, fault.message_vi)


def _finding(area: Area, path: Path, settings: DataPathSettings, message: str) -> Finding:
    """Return the finding of a refusal whose message says what is wrong and, after it, what to do."""
    said, _, remedy = message.partition(". ")
    return Finding(area, _named(path, settings), said.rstrip(".") + ".", remedy or _RESTORE)


def _named(path: Path, settings: DataPathSettings) -> str:
    return path.relative_to(settings.home).as_posix()
