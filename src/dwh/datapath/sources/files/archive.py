"""Opening what was sent, as if it were meant to harm: a zip is judged by its list of contents before it is unpacked.

The only place that unpacks. Nothing is ever written under a name found in a zip.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from dwh.datapath.sources.files.limits import MIB, Limits
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem, shown
from dwh.kernel import vi

SEND_AGAIN = "đề nghị nơi gửi xuất lại tệp rồi gửi lại"
PACK_AGAIN = "đề nghị nơi gửi nén lại đúng cách (zip thường, không mật khẩu) rồi gửi lại"
SPLIT = "đề nghị nơi gửi chia thành nhiều tệp nhỏ hơn"
CHUNK = 64 * 1024
Form = Literal["zip", "text"]

_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_SIZE, _END64_SIZE = b"PK\x06\x07", 20, 56
_LOCAL_HEADER = 30
_OTHERS = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zX": "xz"}
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, ValueError,
    RuntimeError, NotImplementedError, OverflowError, IndexError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a zip, or the file itself when it is none (name '')."""

    name: str
    size: int
    _archive: Archive

    def chunks(self) -> Iterator[bytes]:
        """Return the bytes piece by piece, never more than the list of contents promised.

        Raises:
            FileRefused: damaged, or not what the list of contents says.
        """
        return self._archive.read(self)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def form_of(path: Path, limits: Limits) -> Form:
    """Return what the first bytes say the file is.

    Raises:
        FileRefused: missing, empty, too large, or of a form that is not taken.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        raise _refused("FILE-01", "không đọc được tệp", "kiểm tra tên tệp và quyền đọc rồi nạp lại") from None
    if not size:
        raise _refused("FILE-02", "tệp rỗng", SEND_AGAIN)
    if size > limits.file:
        raise _refused("FILE-03", f"tệp lớn {_mib(size)}, mức nhận là {_mib(limits.file)}", SPLIT)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise _refused("FILE-04", f"tệp nén kiểu {name}, chỉ nhận zip", PACK_AGAIN)
    return "zip" if head.startswith(b"PK") else "text"


class Archive:
    """A zip whose list of contents was found harmless."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        self._infos = {info.filename: info for info in file.infolist() if not info.is_dir()}

    @property
    def members(self) -> list[Member]:
        return [Member(name, info.file_size, self) for name, info in self._infos.items()]

    def read(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a member."""
        try:
            with self._zip.open(self._infos[member.name]) as stream:
                yield from _pieces(stream)
        except _BROKEN:
            raise _refused(
                "ZIP-02", "nội dung nén bị hỏng hoặc sai mã kiểm tra", PACK_AGAIN, member.name
            ) from None


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Archive]:
    """Open a zip after judging its list of contents.

    Raises:
        FileRefused: truncated, encrypted, a bomb (count, size, ratio, overlap), or a name that climbs out.
    """
    _judge_directory(path, limits)
    try:
        file = zipfile.ZipFile(path)
    except _BROKEN:
        raise _refused("ZIP-01", "tệp zip bị cắt cụt hoặc hỏng, không đọc được mục lục", PACK_AGAIN) from None
    with file:
        _judge_contents(file.infolist(), limits)
        yield Archive(file)


def text_chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file that is no zip."""
    try:
        with path.open("rb") as file:
            yield from _pieces(file)
    except OSError:
        raise _refused("FILE-01", "không đọc được tệp", "kiểm tra ổ đĩa rồi nạp lại") from None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _judge_directory(path: Path, limits: Limits) -> None:
    """Look at the size of the list of contents before anything reads it: it alone may fill the memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) - at < _END_SIZE:
            raise _refused("ZIP-01", "tệp zip bị cắt cụt hoặc hỏng, không đọc được mục lục", PACK_AGAIN)
        directory = int(struct.unpack_from("<L", tail, at + 12)[0])
        locator = tail[max(0, at - _LOCATOR_SIZE) : at]
        if directory == 0xFFFFFFFF and locator.startswith(_LOCATOR):
            file.seek(min(size, struct.unpack_from("<Q", locator, 8)[0]))
            record = file.read(_END64_SIZE)
            directory = struct.unpack_from("<Q", record, 40)[0] if len(record) == _END64_SIZE else size
    if directory > limits.directory:
        raise _refused("ZIP-03", f"mục lục zip lớn {_mib(directory)}", SPLIT)


def _judge_contents(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    files = [info for info in infos if not info.is_dir()]
    if not files:
        raise _refused("ZIP-04", "tệp zip không có tệp nào bên trong", SEND_AGAIN)
    if len(infos) > limits.members:
        what = f"tệp zip có {vi.number(len(infos))} mục, mức nhận là {vi.number(limits.members)}"
        raise _refused("ZIP-03", what, SPLIT)
    seen: set[str] = set()
    for info in infos:
        _judge_name(info.filename)
        _judge_member(info, limits)
        if info.filename in seen:
            raise _refused("ZIP-05", "tên tệp lặp lại trong zip", PACK_AGAIN, info.filename)
        seen.add(info.filename)
    total = sum(info.file_size for info in files)
    if total > limits.unpacked:
        raise _refused("ZIP-06", f"giải nén ra {_mib(total)}, mức nhận là {_mib(limits.unpacked)}", SPLIT)
    _judge_overlap(files)


def _judge_name(name: str) -> None:
    """Refuse a name that would leave the folder it is unpacked to. We never unpack to disk; others do."""
    parts = name.replace("\\", "/").split("/")
    bad = name.startswith(("/", "\\")) or ".." in parts or ":" in name or not name.isprintable()
    if bad:
        raise _refused("ZIP-07", "tên tệp bên trong trỏ ra ngoài thư mục hoặc có ký tự cấm", PACK_AGAIN, name)


def _judge_member(info: zipfile.ZipInfo, limits: Limits) -> None:
    name, packed = info.filename, max(info.compress_size, 1)
    if info.flag_bits & 0x1:
        raise _refused("ZIP-08", "tệp zip đặt mật khẩu", PACK_AGAIN, name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused("ZIP-09", "kiểu nén này không nhận", PACK_AGAIN, name)
    if info.file_size > limits.member:
        what = f"giải nén ra {_mib(info.file_size)}, mức nhận là {_mib(limits.member)}"
        raise _refused("ZIP-06", what, SPLIT, name)
    if info.file_size > limits.ratio_from and info.file_size / packed > limits.ratio:
        what = f"nén tới {vi.number(info.file_size // packed)} lần, dấu hiệu bom nén"
        raise _refused("ZIP-10", what, PACK_AGAIN, name)


def _judge_overlap(files: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes: so few bytes unpack to so much (the overlapping zip bomb)."""
    end = 0
    for info in sorted(files, key=lambda one: one.header_offset):
        if info.header_offset < 0:
            raise _refused("ZIP-01", "mục lục zip không khớp nội dung", PACK_AGAIN)
        if info.header_offset < end:
            raise _refused(
                "ZIP-10", "các mục trong zip chồng lên nhau, dấu hiệu bom nén", PACK_AGAIN, info.filename
            )
        end = info.header_offset + _LOCAL_HEADER + len(info.filename.encode()) + info.compress_size


def _refused(code: str, what: str, remedy: str, member: str = "") -> FileRefused:
    return FileRefused(Problem(code, what, remedy, Place(member=shown(member))))


def _mib(size: int) -> str:
    return f"{vi.number(size / MIB, 1)} MiB"
