"""Reading a whole claim file once: which packages are good, which are held and why, their rows in a spool.

Source: QC-DWH Điều 4.3.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dwh.datapath.sources.files.archive import SEND_AGAIN, form_of, opened, text_chunks
from dwh.datapath.sources.files.claim_package import Claim, read_claim
from dwh.datapath.sources.files.claim_tables import LANDED, NEVER_OPENED, landed_columns
from dwh.datapath.sources.files.envelope import EnvelopeReader, Package
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.problem import EnvelopeRefused, FileRefused, PackageHeld, Place, Problem
from dwh.datapath.sources.files.spool import Spool
from dwh.kernel.progress import Progress

_SHOWN = 50  # problems kept in memory; all are in the file beside the journal
_TELL_EVERY = 100  # packages


class Intake:
    """What one file holds. Packages are numbered from 0 over the whole file, in the order they stand there."""

    def __init__(self, path: Path, folder: Path, limits: Limits, progress: Progress) -> None:
        self.path, self.limits, self.progress = path, limits, progress
        self.spools = {table: Spool(folder / f"{table}.arrow", landed_columns(table)) for table in LANDED}
        self.problems_path = folder / "held.jsonl"
        self.problems: list[Problem] = []
        self.held = self.refused_packages = 0
        self.refused_members = 0
        self.variants: Counter[str] = Counter()
        self.good: list[bool] = []
        self.versions: list[str] = []
        self.facilities: list[str] = []
        self._keys: list[bytes] = []
        self._places: list[tuple[str, int]] = []
        self._reasons = self.problems_path.open("w", encoding="utf-8")

    @property
    def packages(self) -> int:
        return len(self.good)

    def read(self) -> None:
        """Read the file to its end.

        Raises:
            FileRefused: nothing of the file can be trusted, or nothing of it can land.
            Cancelled: somebody stopped the load.
        """
        self.progress.step(f"Đọc tệp hồ sơ {self.path.name}", unit="hồ sơ")
        try:
            self._read_members()
            self._hold_repeats()
        except FileRefused as refusal:
            raise refusal.within(file=self.path.name) from None
        finally:
            self._reasons.close()
            for spool in self.spools.values():
                spool.close()
        if not any(self.good):
            raise FileRefused(self._nothing_good())

    def _read_members(self) -> None:
        if form_of(self.path, self.limits) == "text":
            self._read_xml("", text_chunks(self.path))
            return
        with opened(self.path, self.limits) as archive:
            for member in archive.members:
                if not member.name.lower().endswith(".xml"):
                    problem = Problem(
                        "ZIP-11", "không phải tệp .xml", "bỏ tệp này khỏi zip rồi gửi lại nếu cần"
                    )
                    self._refuse_member(EnvelopeRefused(problem), member.name, self.packages)
                    continue
                self._read_xml(member.name, member.chunks())

    def _read_xml(self, member: str, chunks: Iterable[bytes]) -> None:
        first = self.packages
        reader = EnvelopeReader(self.limits, NEVER_OPENED)
        try:
            for package in reader.packages(iter(chunks)):
                self._take(package, member)
        except EnvelopeRefused as refusal:
            self._refuse_member(refusal, member, first)
        self.variants += reader.variants

    def _take(self, package: Package, member: str) -> None:
        number = self.packages
        if number >= self.limits.packages:
            what = f"tệp có quá {self.limits.packages} hồ sơ"
            raise FileRefused(Problem("ENV-03", what, "đề nghị nơi gửi chia thành nhiều tệp nhỏ hơn"))
        if number % _TELL_EVERY == 0:
            self.progress.check()
            self.progress.advance(
                number, rows=sum(spool.rows for spool in self.spools.values()), held=self.held
            )
        try:
            claim = read_claim(package, self.limits, self.variants)
        except PackageHeld as reason:
            self._note(reason.problem, member, package.number)
            self._remember(None, (member, package.number))
            self.held += 1
            return
        self._remember(claim, (member, package.number))
        for table, rows in claim.rows.items():
            for row, values in enumerate(rows, start=1):
                self.spools[table].add(number, row, values)

    def _remember(self, claim: Claim | None, place: tuple[str, int]) -> None:
        key = f"{claim.facility}\n{claim.episode}".encode() if claim else b""
        self._keys.append(hashlib.blake2b(key, digest_size=16).digest() if claim else b"")
        self.good.append(claim is not None)
        self.versions.append(claim.version if claim else "")
        self.facilities.append(claim.facility if claim else "")
        self._places.append(place)

    def _refuse_member(self, refusal: EnvelopeRefused, member: str, first: int) -> None:
        """Take back the good packages of an XML whose envelope turned out bad; a file of one XML is refused."""
        if not member:
            raise refusal
        self._note(refusal.problem, member)
        self.refused_members += 1
        for number in range(first, self.packages):
            self.refused_packages += self.good[number]
            self.good[number] = False

    def _hold_repeats(self) -> None:
        """Hold every claim that stands more than once in the file: which of them counts cannot be known."""
        times = Counter(key for key, good in zip(self._keys, self.good, strict=True) if good)
        repeated = [
            number for number in range(self.packages) if self.good[number] and times[self._keys[number]] > 1
        ]
        if not repeated:
            return
        first = {self._keys[number]: number for number in reversed(repeated)}
        last = {self._keys[number]: number for number in repeated}
        for number in repeated:
            key = self._keys[number]
            other = self._places[last[key] if number == first[key] else first[key]]
            where = Place(member=other[0], package=other[1]).words()
            what = f"trùng cơ sở và mã đợt khám (MA_LK) với {where[:1].lower()}{where[1:]}"
            problem = Problem("KEY-02", what, "đề nghị cơ sở chỉ gửi một hồ sơ đúng rồi gửi lại")
            self._note(problem, *self._places[number])
            self.good[number] = False
            self.held += 1

    def _note(self, problem: Problem, member: str, package: int = 0) -> None:
        whole = problem.within(file=self.path.name, member=member, package=package)
        if len(self.problems) < _SHOWN:
            self.problems.append(whole)
        self._reasons.write(json.dumps(whole.to_json(), ensure_ascii=False) + "\n")

    def _nothing_good(self) -> Problem:
        """Return why nothing lands: the only reason there is, or the first of many."""
        if not self.problems:
            return Problem("ENV-01", "không có hồ sơ nào", SEND_AGAIN, Place(file=self.path.name))
        first, others = self.problems[0], self.held + self.refused_members - 1
        if not others:
            return first
        what = f"{first.what} (và {others} lỗi khác, không hồ sơ nào nạp được)"
        return Problem(first.code, what, first.remedy, first.place)

    def facts(self) -> dict[str, Any]:
        """Return what the journal and the report keep of the reading."""
        versions = Counter(v for v, good in zip(self.versions, self.good, strict=True) if good)
        return {
            "packages": self.packages, "landed": sum(self.good), "held": self.held,
            "refused_members": self.refused_members, "refused_packages": self.refused_packages,
            "versions": dict(sorted(versions.items())), "variants": dict(self.variants.most_common()),
            "problems": [problem.to_json() for problem in self.problems],
        }  # fmt: skip
