"""
A CSV file, row by row; whatever is wrong with it is collected, not raised.

How a loader of your own may look. It parses no more than text can say (days, words, numbers) and
leaves every other check to the library: an entity that is refused names its field, the field names
the column, and the library's own remedy is what the reader is told.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Final, TypeVar

import attrs

from subrenew import InvalidValue

D = TypeVar("D")
T = TypeVar("T")
E = TypeVar("E", bound=Enum)

#: Columns of a file: required, optional.
Columns = tuple[tuple[str, ...], tuple[str, ...]]

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_FRACTION: Final = re.compile(r"0(\.[0-9]{1,6})?")


class UnreadableFileError(Exception):
    """Nothing of a file could be read; the message says why and what to do."""


@attrs.frozen(kw_only=True)
class Problem:
    """One cell, or one line, that is to be put right."""

    #: The file's path, as it was given.
    file: str
    #: Counted from 1, the header's; the first one of a row that spans several.
    line: int
    #: The column; empty where the whole line is meant.
    column: str = ""
    #: What stands there.
    value: str | None = None
    #: What to write instead.
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        if not self.column:
            return where + self.remedy
        return f"{where}{self.column} is {_shown(self.value or '')}: {self.remedy}"


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 40 else repr(text[:40]) + "..."


@attrs.define
class Row:
    """A line of a file; it collects what is wrong with its own cells."""

    #: Where it stands.
    file: str
    line: int
    #: Text by column; a column that the file has not is not here.
    cells: dict[str, str]
    #: Columns whose cell a row needs.
    required: tuple[str, ...]
    problems: list[Problem] = attrs.Factory(list)

    def refuse(self, column: str, remedy: str) -> None:
        """Note what is wrong with a cell, once for each."""
        if not self.is_wrong(column):
            self.problems.append(
                Problem(
                    file=self.file,
                    line=self.line,
                    column=column,
                    value=self.cells.get(column, ""),
                    remedy=remedy,
                )
            )

    def is_wrong(self, *columns: str) -> bool:
        """Return whether one of these columns was refused."""
        return any(each.column in columns for each in self.problems)

    def read(self, column: str, parse: Callable[[str], T], default: D) -> T | D:
        """Return what a cell says, or the default where it is empty or wrong."""
        text = self.cells.get(column, "")
        if not text:
            if column in self.required and column in self.cells:
                self.refuse(column, "fill it in")
            return default
        try:
            return parse(text)
        except InvalidValue as error:
            self.refuse(column, error.remedy)
            return default

    def make(
        self,
        entity: Callable[..., T],
        fields: Mapping[str, object],
        columns: Mapping[str, str],
        instead: Mapping[str, object],
    ) -> T | None:
        """
        Return the entity, after noting every field that it refuses.

        An entity raises at its first wrong field; so that field is left out, or replaced by a
        value that passes, and the entity is asked again.

        Args:
            entity: Makes it; its errors name a field of its own.
            fields: What it is made of.
            columns: The column of a field, where it has another name.
            instead: For each field that cannot be left out, a value that passes.
        """
        given = dict(fields)
        while True:
            try:
                return entity(**given)
            except InvalidValue as error:
                name = error.field.rpartition(".")[2]
                self.refuse(columns.get(name, name), error.remedy)
                if name not in given or given[name] is instead.get(name, given):
                    return None
                del given[name]
                if name in instead:
                    given[name] = instead[name]


# Text, cell by cell ---------------------------------------------------------------------------


def cell_text(text: str) -> str:
    """Return the text as it is."""
    return text


def cell_day(text: str) -> date:
    """Return the day that is written as 2026-01-31."""
    remedy = "write a day of the calendar as 2026-01-31"
    if _DAY.fullmatch(text) is None:
        raise InvalidValue("day", text, remedy)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("day", text, remedy) from None


def cell_count(text: str) -> int:
    """Return the whole number."""
    if _DIGITS.fullmatch(text) is None:
        raise InvalidValue("count", text, "write a whole number in digits, such as 25")
    return int(text)


def cell_fraction(text: str) -> Decimal:
    """Return the fraction below 1."""
    if _FRACTION.fullmatch(text) is None:
        raise InvalidValue("rate", text, "write a fraction below 1, such as 0.10 for 10 %")
    return Decimal(text)


def cell_yes_or_no(text: str) -> bool:
    """Return whether it says yes."""
    if text not in {"yes", "no"}:
        raise InvalidValue("word", text, "write yes or no")
    return text == "yes"


def cell_word(enum: type[E]) -> Callable[[str], E]:
    """Return what reads a word of an enum, exactly as it is written there."""

    def member(text: str) -> E:
        try:
            return enum(text)
        except ValueError:
            words = ", ".join(str(each.value) for each in enum)
            raise InvalidValue("word", text, f"write one of {words}") from None

    return member


# A file, row by row ---------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each row's line number with its cells, or with what makes it no row."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror or error}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(
            f"{path}:{line}: byte {error.object[error.start]:#04x} is not UTF-8: save it as UTF-8"
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"the quotes are wrong ({error}): close each, and double those inside"


def _header(
    path: Path, names: list[str], required: tuple[str, ...], optional: tuple[str, ...], line: int
) -> list[Problem]:
    known = (*required, *optional)
    if not set(names) & set(known):
        raise UnreadableFileError(
            f"{path}:{line}: no column is known: begin with a line such as {','.join(known)}"
        )
    remedies = [f"add the column {name}" for name in required if name not in names]
    for name in dict.fromkeys(names):
        if name not in known:
            remedies.append(f"column {_shown(name)} is not known: leave it out, or correct it")
        elif names.count(name) > 1:
            remedies.append(f"column {name} is there more than once: leave one of them")
    return [Problem(file=str(path), line=line, remedy=remedy) for remedy in remedies]


def rows(
    path: Path,
    columns: Columns,
    problems: list[Problem],
) -> Iterator[Row]:
    """
    Yield the rows of a file that has one line of column names.

    Raises:
        UnreadableFileError: There is no such file, it is not UTF-8, or it has none of the columns.
    """
    required, optional = columns
    names: list[str] | None = None
    for line, cells in _lines(path):
        if isinstance(cells, str):
            problems.append(Problem(file=str(path), line=line, remedy=cells))
        elif not any(cells):
            continue
        elif names is None:
            names = cells
            problems += _header(path, names, required, optional, line)
        elif len(cells) != len(names):
            remedy = f"give {len(names)} cells, not {len(cells)}; quote one that holds a comma"
            problems.append(Problem(file=str(path), line=line, remedy=remedy))
        else:
            row = Row(str(path), line, dict(zip(names, cells, strict=True)), required)
            yield row
            problems += sorted(row.problems, key=lambda each: _place(names, each.column))
    if names is None:
        raise UnreadableFileError(f"{path}: it is empty: begin with {','.join(columns[0])}")


def _place(names: list[str] | None, column: str) -> int:
    return names.index(column) if names and column in names else len(names or ())
