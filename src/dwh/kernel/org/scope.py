"""Which units a right covers. Plain values: they cross into the data path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

NATION = "00"


class Tier(StrEnum):
    CENTRAL = "central"
    PROVINCE = "province"
    OFFICE = "office"
    DEPARTMENT = "department"


def is_under(code: str, root: str) -> bool:
    """Tell whether `code` is `root` or one of the units below it."""
    return code == root or code.startswith(root + ".")


def province_of(code: str) -> str | None:
    """Return the org_code of the province `code` belongs to; None for the nation and central units."""
    parts = code.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 and parts[1][:2].isdigit() else None


@dataclass(frozen=True, slots=True)
class OrgScope:
    """The subtrees a person may see, each named by its root's org_code. No code at all sees nothing."""

    codes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, codes: Iterable[str]) -> OrgScope:
        """Return the scope of these subtrees, without those that lie inside another of them."""
        kept = set(codes)
        return cls(frozenset(c for c in kept if not any(c != o and is_under(c, o) for o in kept)))

    @property
    def is_empty(self) -> bool:
        return not self.codes

    def covers(self, code: str) -> bool:
        """Tell whether the unit `code` lies inside this scope."""
        return any(is_under(code, root) for root in self.codes)

    def intersect(self, other: OrgScope) -> OrgScope:
        """Return what both scopes cover."""
        mine = {c for c in self.codes if other.covers(c)}
        return OrgScope.of(mine | {c for c in other.codes if self.covers(c)})

    def union(self, other: OrgScope) -> OrgScope:
        """Return what either scope covers."""
        return OrgScope.of(self.codes | other.codes)
