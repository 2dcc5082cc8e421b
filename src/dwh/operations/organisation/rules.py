"""What a reorganisation may be, and which lines it means. Functions over plain values.

A unit keeps its code for life; a merger, a division or a move ends units and begins others, so that no figure of the
past changes its place silently. Only a renaming leaves the unit as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dwh.datapath.sources.org_events import EventKind, EventLine
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.scope import NATION, Tier, is_under
from dwh.kernel.org.services import Unit
from dwh.kernel.vi import date_vi

KIND_LABELS: dict[EventKind, str] = {
    "merge": "Hợp nhất, sáp nhập",
    "split": "Chia, tách",
    "move": "Chuyển đơn vị cấp trên",
    "rename": "Đổi tên",
    "abolish": "Giải thể",
    "create": "Thành lập mới",
}
TIER_LABELS = {
    Tier.CENTRAL: "đơn vị trung ương", Tier.PROVINCE: "tỉnh, thành phố", Tier.OFFICE: "BHXH cơ sở",
    Tier.DEPARTMENT: "phòng, bộ phận",
}  # fmt: skip
CLASSES = {
    Tier.CENTRAL: "chuyên môn giúp việc",
    Tier.PROVINCE: "tỉnh",
    Tier.OFFICE: "cơ sở",
    Tier.DEPARTMENT: "phòng",
}
SHORTEST_REASON = 10  # characters; ours: a reason is a sentence
MOST_PARTS = 8  # successors of one division on the form; ours
_SUFFIX = re.compile(r"[0-9A-Z][0-9A-Z-]{0,19}")
_OFFICE_CODE = re.compile(r"[0-9A-Z]{5}")


class State(StrEnum):
    ENTERED = "entered"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


STATE_LABELS = {
    State.ENTERED: "chờ duyệt", State.APPROVED: "đã duyệt", State.WITHDRAWN: "đã rút", State.UNDONE: "đã hoàn tác",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit an event makes. `suffix` is the last part of its code; `share` what it takes over, in percent."""

    name: str
    suffix: str = ""
    parent: str = ""
    office_code: str = ""
    share: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A reorganisation as a person enters it. `into` is a unit that is there already and takes the others over."""

    kind: EventKind
    effective_on: date
    basis: str
    reason: str
    old: tuple[str, ...] = ()
    new: tuple[NewUnit, ...] = ()
    into: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The units known, as they would stand on the day of an event, others already approved included."""

    units: Mapping[str, Unit]
    day: date
    taken: frozenset[str] = field(
        default_factory=frozenset
    )  # codes source rows carry, each of one unit for ever

    def stands(self, code: str) -> bool:
        unit = self.units.get(code)
        return unit is not None and unit.valid_from <= self.day and (unit.valid_until or date.max) > self.day

    def below(self, code: str) -> list[Unit]:
        """Return the units under `code` that stand on the day, in the order of their codes."""
        found = [
            u
            for u in self.units.values()
            if u.code != code and is_under(u.code, code) and self.stands(u.code)
        ]
        return sorted(found, key=lambda unit: unit.code)

    def must_stand(self, code: str) -> Unit:
        """Return the unit. Raises Invalid when it is unknown or does not stand on the day."""
        if not self.stands(code):
            known = self.units.get(code)
            named = f"{known.name} ({code})" if known else f"«{code}»"
            raise Invalid(
                f"Ngày {date_vi(self.day)} không có đơn vị {named}. Chọn một đơn vị đang có ngày đó.",
                org=code,
            )
        return self.units[code]


@cites(QC_DWH.art("12.5"))
def lines_of(wish: Wish, tree: Tree, event_id: str) -> list[EventLine]:
    """Return the lines of the event a person entered, units below those that end included.

    Raises:
        Invalid: something is missing, a unit does not stand on the day, a code is taken, shares do not make the whole.
    """
    _must_be_whole(wish)
    made = {
        "merge": _merge,
        "split": _split,
        "move": _move,
        "rename": _rename,
        "abolish": _abolish,
        "create": _create,
    }
    lines = made[wish.kind](wish, tree)
    _must_be_free(lines, tree)
    return [
        replace(
            line, event_id=event_id, kind=wish.kind, effective_on=wish.effective_on, basis=wish.basis.strip()
        )
        for line in lines
    ]


def state_in_words(state: str, effective_on: date, today: date) -> str:
    """Return what becomes of an event: an approved one waits for its day, then holds."""
    if state == State.APPROVED:
        return "có hiệu lực" if effective_on <= today else f"đã duyệt, chờ đến {date_vi(effective_on)}"
    return STATE_LABELS[State(state)]


def with_events(units: Mapping[str, Unit], lines: Iterable[EventLine]) -> dict[str, Unit]:
    """Return the units as the build will know them once these lines are approved."""
    known = dict(units)
    for line in lines:
        if line.kind == "rename":
            known[line.to_code] = replace(known[line.to_code], name=line.to_name)
            continue
        if line.to_name and line.to_code not in known:
            known[line.to_code] = Unit(
                line.to_code, line.to_name, line.to_tier, line.effective_on, None, line.to_code,
                office_code=line.to_office_code,
            )  # fmt: skip
        if line.from_code in known and line.from_code != line.to_code:
            ended = known[line.from_code]
            until = min(ended.valid_until or date.max, line.effective_on)
            known[line.from_code] = replace(ended, valid_until=until)
    return known


def _must_be_whole(wish: Wish) -> None:
    if wish.kind not in KIND_LABELS:
        raise Invalid("Chọn loại thay đổi tổ chức.")
    if not wish.basis.strip():
        raise Invalid("Ghi số và ngày của văn bản quyết định, ví dụ 123/QĐ-BHXH ngày 01/12/2026.")
    if len(wish.reason.strip()) < SHORTEST_REASON:
        raise Invalid("Hãy ghi lý do bằng một câu (ít nhất 10 ký tự).")
    if len(set(wish.old)) != len(wish.old):
        raise Invalid("Một đơn vị được chọn hai lần. Bỏ bớt một dòng.")


def _merge(wish: Wish, tree: Tree) -> list[EventLine]:
    olds = [tree.must_stand(code) for code in wish.old]
    if not olds or (len(olds) < 2 and not wish.into):
        raise Invalid("Hợp nhất cần ít nhất hai đơn vị cũ, hoặc một đơn vị cũ nhập vào một đơn vị đang có.")
    if wish.into:
        target = tree.must_stand(wish.into)
        if wish.into in wish.old:
            raise Invalid("Đơn vị nhận đang nằm trong các đơn vị cũ. Bỏ nó khỏi danh sách đơn vị cũ.")
        lines = [
            EventLine("", "merge", wish.effective_on, old.code, old.name, target.code, "1") for old in olds
        ]
        return [*lines, *_children(olds, target.code, tree)]
    line = _made(_only(wish.new), olds[0], tree)
    lines = [replace(line, from_code=old.code, from_name=old.name, weight="1") for old in olds]
    return [*lines, *_children(olds, line.to_code, tree)]


def _split(wish: Wish, tree: Tree) -> list[EventLine]:
    if len(wish.old) != 1:
        raise Invalid("Chia, tách cần đúng một đơn vị cũ.")
    old = tree.must_stand(wish.old[0])
    if below := tree.below(old.code):
        raise Invalid(
            f"{old.name} còn {len(below)} đơn vị trực thuộc. Chuyển từng đơn vị trực thuộc trước, rồi chia."
        )
    if len(wish.new) < 2:
        raise Invalid("Chia, tách cần ít nhất hai đơn vị mới.")
    _must_make_the_whole([unit.share for unit in wish.new])
    lines = [_made(unit, old, tree) for unit in wish.new]
    return [
        replace(line, from_code=old.code, from_name=old.name, weight=_share(unit.share))
        for line, unit in zip(lines, wish.new, strict=True)
    ]


def _move(wish: Wish, tree: Tree) -> list[EventLine]:
    olds = [tree.must_stand(code) for code in wish.old]
    unit = _only(wish.new)
    if not olds or not unit.parent:
        raise Invalid("Chuyển đơn vị cấp trên cần ít nhất một đơn vị và đơn vị cấp trên mới.")
    lines = []
    for old in olds:
        if old.parent_code == unit.parent:
            raise Invalid(f"{old.name} đang thuộc đơn vị cấp trên này rồi. Chọn đơn vị cấp trên khác.")
        named = replace(
            unit, name=unit.name or old.name, suffix=unit.suffix or _free_suffix(old, unit.parent, tree)
        )
        line = _made(named, old, tree)
        lines.append(replace(line, from_code=old.code, from_name=old.name, weight="1"))
        lines += _children([old], line.to_code, tree)
    return lines


def _rename(wish: Wish, tree: Tree) -> list[EventLine]:
    if len(wish.old) != 1:
        raise Invalid("Đổi tên cần đúng một đơn vị.")
    old, name = tree.must_stand(wish.old[0]), _only(wish.new).name.strip()
    if not name or name == old.name:
        raise Invalid("Ghi tên mới, khác tên đang dùng.")
    return [EventLine("", "rename", wish.effective_on, old.code, old.name, old.code, "1", to_name=name)]


def _abolish(wish: Wish, tree: Tree) -> list[EventLine]:
    olds = [tree.must_stand(code) for code in wish.old]
    if not olds:
        raise Invalid("Chọn đơn vị giải thể.")
    lines = [
        EventLine("", "abolish", wish.effective_on, unit.code, unit.name)
        for old in olds
        for unit in (old, *tree.below(old.code))
    ]
    return list({line.from_code: line for line in lines}.values())


def _create(wish: Wish, tree: Tree) -> list[EventLine]:
    unit = _only(wish.new)
    if unit.tier not in list(Tier):
        raise Invalid("Chọn cấp của đơn vị mới.")
    return [_made(unit, Unit("", "", unit.tier, wish.effective_on, None, ""), tree)]


def _made(unit: NewUnit, like: Unit, tree: Tree) -> EventLine:
    """Return the line of a unit the event makes, of the tier of the one it comes from."""
    name, suffix = unit.name.strip(), unit.suffix.strip().upper()
    parent = tree.must_stand(unit.parent or like.parent_code or NATION)
    if not name:
        raise Invalid("Ghi tên của đơn vị mới.")
    if not _SUFFIX.fullmatch(suffix):
        raise Invalid(
            f"Mã của «{name}» gồm chữ hoa không dấu, chữ số, gạch nối, ví dụ 24-2027 hoặc 601. Sửa lại mã.",
            unit=name,
        )
    tier = Tier(like.tier)
    if tier is Tier.PROVINCE and not suffix[:2].isdigit():
        raise Invalid(f"Mã của «{name}» phải bắt đầu bằng hai chữ số mã tỉnh, ví dụ 24-2027.", unit=name)
    _must_fit_under(parent, tier, name)
    office_code = unit.office_code.strip().upper()
    if office_code and not _OFFICE_CODE.fullmatch(office_code):
        raise Invalid(
            f"Mã cơ quan BHXH của «{name}» gồm đúng 5 ký tự, hoặc để trống khi nguồn chưa cấp.", unit=name
        )
    code = f"{parent.code}.{suffix}"
    return EventLine(
        "", "create", tree.day, to_code=code, to_name=name, to_tier=str(tier), to_parent=parent.code,
        to_office_code=office_code, to_province_code=_province_number(code), to_class=CLASSES[tier],
    )  # fmt: skip


def _must_fit_under(parent: Unit, tier: Tier, name: str) -> None:
    fits = {
        Tier.CENTRAL: parent.code == NATION,
        Tier.PROVINCE: parent.code == NATION,
        Tier.OFFICE: parent.tier == Tier.PROVINCE,
        Tier.DEPARTMENT: parent.tier in (Tier.PROVINCE, Tier.CENTRAL, Tier.OFFICE),
    }
    if not fits[tier]:
        raise Invalid(
            f"«{name}» là {TIER_LABELS[tier]}, không thuộc trực tiếp {parent.name}. Chọn đơn vị cấp trên khác.",
            unit=name,
        )


def _children(olds: Iterable[Unit], target: str, tree: Tree) -> list[EventLine]:
    """Return lines for the units below those that end: each goes to the same place under the one that takes over.

    Departments of one place become one; an office stays an office of its own. The code source rows carry stays with
    the old unit, whose rows of before it names.
    """
    lines: list[EventLine] = []
    made: set[str] = set()
    for old in olds:
        for child in tree.below(old.code):
            code = f"{target}{child.code.removeprefix(old.code)}"
            if child.tier != Tier.DEPARTMENT and (code in made or code in tree.units):
                code = f"{code}-{old.code.rpartition('.')[2]}"
            line = EventLine("", "merge", tree.day, child.code, child.name, code, "1")
            lines.append(line if tree.stands(code) else _child_made(line, child))
            made.add(code)
    return lines


def _child_made(line: EventLine, child: Unit) -> EventLine:
    return replace(
        line, to_name=child.name, to_tier=child.tier, to_parent=line.to_code.rpartition(".")[0],
        to_province_code=_province_number(line.to_code), to_class=CLASSES[Tier(child.tier)],
    )  # fmt: skip


def _province_number(code: str) -> str:
    number = code.split(".")[1][:2]
    return number if number.isdigit() else ""


def _must_be_free(lines: Iterable[EventLine], tree: Tree) -> None:
    """Refuse a code or an office code that another unit has or had: no code ever means two units."""
    made: dict[str, str] = {}
    for line in lines:
        if line.kind == "rename" or not line.to_name or line.to_code in made:
            continue
        if line.to_code in tree.units:
            raise Invalid(
                f"Mã {line.to_code} đã là của một đơn vị khác. Đặt mã khác, ví dụ thêm năm: …-2027."
            )
        if line.to_office_code and line.to_office_code in {*tree.taken, *made.values()}:
            raise Invalid(
                f"Mã cơ quan BHXH {line.to_office_code} đang là của đơn vị khác. Đặt mã mới, hoặc để trống khi nguồn"
                " chưa cấp mã."
            )
        made[line.to_code] = line.to_office_code


def _must_make_the_whole(shares: list[str]) -> None:
    given = [share for share in shares if share.strip()]
    if given and (len(given) < len(shares) or sum(Decimal(_share(one)) for one in given) != 1):
        raise Invalid("Tỷ lệ của các đơn vị mới phải cộng đúng 100 %, hoặc để trống tất cả khi chưa biết.")


def _share(percent: str) -> str:
    """Return a share of one from a percentage as people write it; nothing when it is not known."""
    text = percent.strip().rstrip("%").strip().replace(",", ".")
    if not text:
        return ""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text) or not 0 < Decimal(text) <= 100:
        raise Invalid(f"Tỷ lệ «{percent}» không đúng. Ghi số từ 0 đến 100, ví dụ 62,5.")
    return format((Decimal(text) / 100).normalize(), "f")


def _free_suffix(old: Unit, parent: str, tree: Tree) -> str:
    suffix = old.code.rpartition(".")[2]
    return suffix if f"{parent}.{suffix}" not in tree.units else f"{suffix}-{tree.day.year}"


def _only(units: tuple[NewUnit, ...]) -> NewUnit:
    if len(units) != 1:
        raise Invalid("Ghi đúng một đơn vị mới.")
    return units[0]
