"""How one database product writes what every source is asked; statements are built here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from dwh.datapath.sources.connectors.base import SOFT_DELETED, SUM_P, SUM_Q, Grouping, Position
from dwh.datapath.sources.contract import Column, TableContract


def text_literal(text: str) -> str:
    """Return the text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One product's words. Names come from the contract and are quoted, values are typed literals.

    `landed` gives a column so that it arrives as its Arrow type, a decimal as whole units of its last digit.
    `pairs`: (a, b) > (x, y) runs along an index; where it does not, the comparison is written out.
    """

    quoted: Callable[[str], str]
    landed: Callable[[Column, str], str]  # (column, its quoted name) -> expression
    moment: Callable[[datetime], str]  # naive UTC -> literal of the cursor's type
    whole: Callable[[str], str]  # an exact whole number -> the same in 64 bits
    month: Callable[[Column, str], str]  # a text, date or moment -> 'YYYYMM'
    unit: Callable[[str], str]  # a code -> text to group by, byte for byte
    total: Callable[[Column, str], str]  # -> its exact sum
    micros: Callable[[str], str]  # a moment -> microseconds since 1970, as a whole number
    summed: Callable[[str], str]  # small whole numbers -> their exact sum
    mod: Callable[[str, int], str] = lambda number, by: f"({number} % {by})"
    literal: Callable[[str], str] = text_literal
    alive: str = "{} IS NOT TRUE"  # of the mark of a deleted row
    top: str = "LIMIT {}"
    pairs: bool = False
    counted_rows: str = "count(*)"
    most_in: int = 100_000  # values of one IN

    def select(self, table: TableContract, hint: str = "") -> str:
        """Return the SELECT of all landed columns of the table, without a condition; a hint follows its name."""
        names = ", ".join(
            f"{self.landed(column, self.quoted(column.name))} AS {self.quoted(column.name)}"
            for column in table.landed
        )
        return f"SELECT {names} FROM {self.quoted(table.name)}{hint}"

    def page(
        self, table: TableContract, after: Position | None, upto: Position, limit: int, hint: str = ""
    ) -> str:
        """Return the statement for the first `limit` rows of (after, upto] in the order of the cursor."""
        order = f"ORDER BY {self._own(table, table.cursor)}, {self._own(table, table.key)}"
        where = self.between(table, after, upto)
        return f"{self.select(table, hint)} WHERE {where} {order} {self.top.format(limit)}"

    def page_along_key(
        self, table: TableContract, after: int | None, upto: Position, limit: int, hint: str = ""
    ) -> str:
        """Return the statement for the first `limit` rows at or before `upto` with greater keys, ascending by key."""
        key = self._own(table, table.key)
        where = [f"{key} > {int(after)}"] if after is not None else []
        where.append(self.between(table, None, upto))
        return (
            f"{self.select(table, hint)} WHERE {' AND '.join(where)} ORDER BY {key} {self.top.format(limit)}"
        )

    def some(self, table: TableContract, keys: list[int]) -> str:
        """Return the statement for the rows with these keys."""
        lists = [keys[start : start + self.most_in] for start in range(0, len(keys), self.most_in)]
        some = (f"{self.quoted(table.key)} IN ({', '.join(str(int(key)) for key in one)})" for one in lists)
        return f"{self.select(table)} WHERE {' OR '.join(some)}"

    def timeless(self, table: TableContract) -> str:
        """Return the statement for the key of one row without a moment of change."""
        name = self.quoted(table.name)
        return (
            f"SELECT {self._key(table)} FROM {name} WHERE {self.quoted(table.cursor)} IS NULL "
            f"ORDER BY {self._own(table, table.key)} {self.top.format(1)}"
        )

    def last(self, table: TableContract) -> str:
        """Return the statement for the last position of the table."""
        stamp, key = self._own(table, table.cursor), self._own(table, table.key)
        return (
            f"SELECT {self._stamp(table)}, {self._key(table)} FROM {self.quoted(table.name)} "
            f"ORDER BY {stamp} DESC, {key} DESC {self.top.format(1)}"
        )

    def counted(self, table: TableContract, after: Position, upto: Position) -> str:
        """Return the statement for how many rows lie in (after, upto]."""
        where = self.between(table, after, upto)
        return (
            f"SELECT {self.counted_rows} AS {self.quoted('n')} FROM {self.quoted(table.name)} WHERE {where}"
        )

    def keys(
        self,
        table: TableContract,
        after: int | None,
        limit: int | None,
        periods: Collection[str | None] | None,
    ) -> str:
        """Return the statement for (id, updated_at), ascending by id, after one id, of some periods."""
        key, where = self.quoted(table.key), []
        if after is not None:
            where.append(f"{key} > {int(after)}")
        if periods is not None:
            where.append(self._within(table, periods))
        return (
            f"SELECT {self._key(table)}, {self._stamp(table)} FROM {self.quoted(table.name)}"
            f"{' WHERE ' if where else ''}{' AND '.join(where)} ORDER BY {self._own(table, table.key)}"
            f"{'' if limit is None else ' ' + self.top.format(limit)}"
        )

    def key_sums(self, table: TableContract) -> str:
        """Return the statement for the checksums of every period."""
        key, at = self.whole(self.quoted(table.key)), self.micros(self.quoted(table.cursor))
        sums = {
            "ids": self.mod(key, SUM_P),
            "times": self.mod(at, SUM_P),
            "pairs": f"{self.mod(key, SUM_Q)} * {self.mod(at, SUM_Q)}",
        }
        wanted = {"period": self._period(table), "n": self.counted_rows}
        wanted |= {name: self.summed(what) for name, what in sums.items()}
        names = ", ".join(f"{what} AS {self.quoted(name)}" for name, what in wanted.items())
        return f"SELECT {names} FROM {self.quoted(table.name)} GROUP BY {self._period(table)}"

    def totals(
        self, table: TableContract, by: Grouping, after: Position | None, upto: Position | None
    ) -> str:
        """Return the statement for the rows and sums of every period and unit of (after, upto]."""
        columns = {column.name: column for column in table.columns}
        groups = {}
        if by.period:
            groups["period"] = self.month(columns[by.period], self.quoted(by.period))
        if by.unit:
            groups["unit"] = self.unit(self.quoted(by.unit))
        wanted = groups | {"n": self.counted_rows}
        wanted |= {name: self.total(columns[name], self.quoted(name)) for name in table.money}
        names = ", ".join(f"{what} AS {self.quoted(name)}" for name, what in wanted.items())
        where = [self._side(table, ">", after)] if after else []
        where += [self._side(table, "<", upto, orequal="=")] if upto else []
        where += [self.alive.format(self.quoted(SOFT_DELETED))] if SOFT_DELETED in columns else []
        return (
            f"SELECT {names} FROM {self.quoted(table.name)}"
            f"{' WHERE ' if where else ''}{' AND '.join(where)}"
            f"{' GROUP BY ' if groups else ''}{', '.join(groups.values())}"
        )

    def between(self, table: TableContract, after: Position | None, upto: Position) -> str:
        """Return the condition for (after, upto] in the order of (updated_at, id)."""
        below = self._side(table, "<", upto, orequal="=")
        return f"{self._side(table, '>', after)} AND {below}" if after else below

    def _within(self, table: TableContract, periods: Collection[str | None]) -> str:
        listed = ", ".join(self.literal(period) for period in periods if period is not None)
        some = [f"{self._period(table)} IN ({listed})"] if listed else []
        some += [f"{self._period(table)} IS NULL"] if None in periods else []
        return f"({' OR '.join(some)})"

    def _period(self, table: TableContract) -> str:
        column = next(column for column in table.columns if column.name == table.month_column)
        return self.month(column, self.quoted(column.name))

    def _side(self, table: TableContract, sign: str, place: Position, orequal: str = "") -> str:
        stamp, key, at = self.quoted(table.cursor), self.quoted(table.key), self.moment(place.at)
        if self.pairs:
            return f"({stamp}, {key}) {sign}{orequal} ({at}, {place.id})"
        return f"({stamp} {sign}= {at} AND ({stamp} {sign} {at} OR {key} {sign}{orequal} {place.id}))"

    def _own(self, table: TableContract, name: str) -> str:
        """Return the column of the table itself.

        A bare name in ORDER BY is the column of the result, a cast no index is sorted by: the server would sort the
        whole rest of the table for every page.
        """
        return f"{self.quoted(table.name)}.{self.quoted(name)}"

    def _key(self, table: TableContract) -> str:
        return f"{self.whole(self.quoted(table.key))} AS {self.quoted('id')}"

    def _stamp(self, table: TableContract) -> str:
        stamp = next(column for column in table.columns if column.name == table.cursor)
        return f"{self.landed(stamp, self.quoted(stamp.name))} AS {self.quoted('at')}"
