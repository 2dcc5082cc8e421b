"""People with rights of every kind, and the rows each of them may see, cut out of the tables beforehand."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from dwh.governance.access.models import Account
from tests.generated.expected import Asked, Cells, Recount
from tests.generated.load import release_folder
from tests.generated.words import Words, facts, places, subjects
from tests.personas import give, hire

ALL = ("*",)
NOBODY = frozenset[str]()
PERSONAL = frozenset(
    place.level["personal"]
    for name in subjects()
    for place in places(name).values()
    if "personal" in place.level
)


class Person(NamedTuple):
    """A person as the test knows him: areas with the subjects each is given for, and what he is cleared to see."""

    name: str
    areas: tuple[tuple[str, tuple[str, ...]], ...]
    cleared: frozenset[str] = NOBODY

    @property
    def email(self) -> str:
        return f"{self.name}@vss.gov.vn"

    def scope(self, subject: str) -> tuple[str, ...]:
        """Return the roots of the units this person may see in a subject."""
        return tuple(unit for unit, about in self.areas if about == ALL or subject in about)


PEOPLE = (
    Person("nation", (("00", ALL),)),
    Person("hanoi", (("00.01", ALL),)),
    Person("danang", (("00.48-2025", ALL),)),
    Person("both", (("00.01", ALL), ("00.48-2025", ALL))),
    Person("office", (("00.01.501", ALL),)),
    Person("mixed", (("00.48-2025.503", ALL), ("00.01", ALL))),
    Person("thu", (("00", ("contributions", "cards")),)),
    Person("split", (("00.01", ("claims", "ledger")), ("00.48-2025", ("contributions", "staff")))),
    Person("cleared", (("00.01", ALL),), PERSONAL),
    Person("nothing", ()),
)


def open_accounts() -> dict[str, Account]:
    """Open an account for everybody and write the rights; return name → account."""
    found = {}
    for number, person in enumerate(PEOPLE):
        found[person.name] = hire(person.email, f"Người {number}", "00.BTHU", "Ban", f"NV{number:08d}")
        for unit, about in person.areas:
            give(found[person.name], "analyst", unit, *about)
    return found


@cache
def owners() -> dict[str, str]:
    """Return unit → the unit that stands for it today."""
    return {row["org_code"]: row["cur_org_code"] for row in release_folder()[1]["core.dim_org"]}


def covers(scope: tuple[str, ...], unit: str) -> bool:
    today = owners().get(unit, unit)
    return any(root == "00" or f"{today}.".startswith(f"{root}.") for root in scope)


@cache
def seen_by(scope: tuple[str, ...]) -> Recount:
    """Return the recount over a warehouse from which the rows of all other units were taken away."""
    tables = dict(release_folder()[1])
    for _, _, fact in facts():
        column = fact["scope_column"]
        rows = release_folder()[1][fact["table"]]
        tables[fact["table"]] = [row for row in rows if covers(scope, row[column])]
    return Recount(tables)


def may_see(person: Person, question: Words) -> Cells:
    """Return what the question gives over the rows this person may see, asked there without any scope."""
    return seen_by(person.scope(question["subject"])).answer(question, ("00",), person.cleared)


def is_refused(person: Person, question: Words) -> bool:
    """Tell whether the question must be refused: no right, a unit outside, a filter on what is hidden."""
    scope, known = person.scope(question["subject"]), places(question["subject"])
    named = [(known[one["field"]], one["values"]) for one in question["filters"]]
    units = [
        code
        for place, values in named
        if place.dimension.get("kind") == "org"
        for v in values
        for code in v.split("+")
    ]
    outside = any((code == "00" or code.startswith("00.")) and not covers(scope, code) for code in units)
    hidden = any(place.level.get("personal", "") not in ("", *person.cleared) for place, _ in named)
    return not scope or outside or hidden


def choices(person: Person, asked: Asked, name: str) -> set[str]:
    """Return every key of a field that occurs in the rows this person may see."""
    place = places(asked.question["subject"])[name]
    fact = next(fact for fact in asked.subject["facts"] if place.reaches(fact))
    return {*seen_by(person.scope(asked.question["subject"])).keys(asked, place, fact)}
