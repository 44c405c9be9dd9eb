"""
Policies as plain mappings: what JSON and TOML can hold, and back.

Rule 1: what is written is read back equal. What has its default is left out, so that nothing is
ever null.

Rule 2: everything that is wrong is found at once, each with its path and a remedy, and nothing
half-built is handed out.

Rule 3: fields and their types are read off the values themselves; none is listed here.
"""

from __future__ import annotations

from types import NoneType
from typing import Any, Final, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs

from subrenew.clauses import CLAUSES, Clause
from subrenew.errors import InvalidType, InvalidValue, InvalidValues, SubrenewError, shown
from subrenew.policy import plain

__all__ = ["from_mapping", "to_mapping"]

A = TypeVar("A", bound=attrs.AttrsInstance)

_MOST_VALUES: Final = 20_000
_MOST_DEPTH: Final = 30
_MOST_SUGGESTIONS: Final = 100
_LONGEST_KEY: Final = 60
#: What a wrong value is read as, where nothing can stand in for it.
_WRONG: Final = object()


def to_mapping(value: attrs.AttrsInstance) -> dict[str, Any]:
    """
    Return a value as a mapping of plain JSON and TOML types: text, numbers, lists and tables.

    >>> from subrenew.policy.vendors import autodesk
    >>> to_mapping(autodesk.EDITION_2025_12.stages[0])["lengths"]
    [{'up_to': 'P1M', 'days': 15}, {'days': 15}]
    """
    found = {}
    for field in written_fields(type(value)):
        part = getattr(value, field.name)
        if type(part) is not type(field.default) or part != field.default:
            found[field.name] = written(part)
    return found


def written(value: object) -> Any:  # noqa: ANN401 - one of the plain types
    """Return any value that a policy holds as one of the plain types."""
    if type(value) is Clause and value in CLAUSES:
        return value.id
    if plain.is_enum(type(value)):
        return cast("Any", value).value
    if type(value) in plain.FORMS:
        return plain.FORMS[type(value)].write(value)
    if isinstance(value, frozenset):
        return sorted((written(each) for each in value), key=str)
    if isinstance(value, tuple):
        return [written(each) for each in value]
    return None if value is None else to_mapping(cast("attrs.AttrsInstance", value))


def from_mapping(kind: type[A], mapping: object, *, at: str = "policy") -> A:
    """
    Return the value that a mapping of plain JSON or TOML types says.

    Args:
        kind: What it is a mapping of, such as `RenewalPolicy`.
        mapping: A ``dict`` as ``json.loads`` and ``tomllib.loads`` return it.
        at: What the paths in messages begin with.

    Raises:
        InvalidValues: Keys are unknown or missing, or values have the wrong type, do not exist or
            contradict each other; all of them are named.

    >>> from subrenew import RenewalPolicy
    >>> from_mapping(RenewalPolicy, {"id": "v/1", "windw_opens_days": 90, "stages": 3})
    Traceback (most recent call last):
    subrenew.errors.InvalidValues: policy: 2 things to put right
      policy.windw_opens_days is 90: ...; did you mean "window_opens_days"?
      policy.stages is 3: give a list
    """
    _check_size(mapping, at)
    reading = _Reading({})
    found = reading.table(kind, mapping, at)
    if reading.errors:
        raise InvalidValues(at, tuple(reading.errors))
    return cast("A", found)


def _check_size(mapping: object, at: str) -> None:
    """Refuse what is too deep or too large to be read, a list that holds itself among it."""
    waiting, count = [(mapping, 1)], 0
    while waiting:
        value, depth = waiting.pop()
        parts = _parts(value)
        count += len(parts)
        if depth > _MOST_DEPTH:
            _refuse(at, value, f"give at most {_MOST_DEPTH} levels of lists and tables")
        if count > _MOST_VALUES:
            _refuse(at, value, f"give at most {_MOST_VALUES} values")
        waiting += [(part, depth + 1) for part in parts]


def _parts(value: object) -> list[object]:
    if type(value) is dict:
        return list(value.values())
    return value if type(value) is list else []


def _refuse(at: str, value: object, remedy: str) -> NoReturn:
    kind = type(value).__name__
    raise InvalidValues(at, (InvalidValue(at, kind, remedy),))


def written_fields(kind: type[attrs.AttrsInstance]) -> list[attrs.Attribute[Any]]:
    """Return the fields of a class that a mapping holds: what is private or derived is not."""
    return [field for field in attrs.fields(kind) if field.init and field.name[0] != "_"]


def _required(kind: type[attrs.AttrsInstance]) -> list[str]:
    return [field.name for field in written_fields(kind) if field.default is attrs.NOTHING]


class _Reading:
    """One mapping on its way to a value: all that is wrong so far."""

    def __init__(self, hints: dict[type, dict[str, Any]]) -> None:
        self.errors: list[InvalidValue] = []
        self._hints = hints

    def hints(self, kind: type[attrs.AttrsInstance]) -> dict[str, Any]:
        """Return the type hint of every field that a table of this kind may have."""
        if kind not in self._hints:
            found = get_type_hints(kind)
            self._hints[kind] = {field.name: found[field.name] for field in written_fields(kind)}
        return self._hints[kind]

    def wrong(self, path: str, given: object, error: InvalidValue) -> object:
        self.errors.append(type(error)(path, given, error.remedy))
        return _WRONG

    def value(self, hint: Any, given: object, path: str) -> object:  # noqa: ANN401 - a type hint
        try:
            if plain.is_union(hint):
                return self.one_of(hint, given, path)
            if get_origin(hint) in (tuple, frozenset):
                return self.items(hint, given, path)
            if plain.is_enum(hint):
                return plain.read_member(hint, given)
            if hint is Clause and type(given) is str:
                return plain.read_clause(given)
            if hint in plain.FORMS:
                return plain.FORMS[hint].read(given)
        except InvalidValue as error:
            return self.wrong(path, given, error)
        return self.table(hint, given, path)

    def one_of(self, hint: Any, given: object, path: str) -> object:  # noqa: ANN401 - as above
        kinds = [each for each in get_args(hint) if each is not NoneType]
        if given is None and len(kinds) < len(get_args(hint)):
            return None
        if len(kinds) == 1:
            return self.value(kinds[0], given, path)
        failed = []
        for kind in sorted(kinds, key=lambda each: each is str):  # text takes what is left
            trial = _Reading(self._hints)
            found = trial.value(kind, given, path)
            if not trial.errors:
                return found
            failed.append(trial.errors)
        # A table or a list that is wrong further down was meant to be that one.
        for errors in failed:
            if errors[0].field != path:
                self.errors += errors
                return _WRONG
        return self.wrong(path, given, type(failed[-1][0])("", given, f"give {plain.wanted(hint)}"))

    def items(self, hint: Any, given: object, path: str) -> object:  # noqa: ANN401 - as above
        if type(given) is not list:
            raise InvalidType("", given, "give a list")
        kind, holder = get_args(hint)[0], get_origin(hint)
        found: dict[int, object] = {}
        seen = set()
        for index, item in enumerate(given):
            value = self.value(kind, item, f"{path}[{index}]")
            if value is _WRONG:
                continue
            if holder is frozenset and value in seen:
                self.wrong(f"{path}[{index}]", item, InvalidValue("", item, "name each one once"))
            found[index] = value
            seen.add(value)
        return holder(found.values())

    def table(self, kind: type[attrs.AttrsInstance], given: object, path: str) -> object:
        if type(given) is not dict:
            return self.wrong(path, given, InvalidType("", given, "give a table"))
        hints = self.hints(kind)
        values: dict[str, object] = {}
        wrong: set[str] = set()
        for key, item in given.items():
            before = len(self.errors)
            if key not in hints:
                self.unknown(key, item, path, hints)
                wrong.add(str(key))
                continue
            found = self.value(hints[key], item, f"{path}.{key}")
            if found is not _WRONG:
                values[key] = found
            if len(self.errors) > before:
                wrong.add(key)
        for name in _required(kind):
            if name not in given and not _may_be_none(hints[name]):
                remedy = f"it is required: give {plain.wanted(hints[name])}"
                self.errors.append(InvalidValue(f"{path}.{name}", None, remedy))
                wrong.add(name)
        return self.built(kind, values, wrong, path)

    def unknown(self, key: object, item: object, path: str, hints: dict[str, Any]) -> None:
        named = type(key) is str and key.isidentifier() and len(key) <= _LONGEST_KEY
        # Looking for a similar name takes long: not for thousands of them.
        meant = plain.near(key, hints) if len(self.errors) < _MOST_SUGGESTIONS else ""
        where = f"{path}.{key}" if named else f"{path}[{shown(key)}]"
        self.errors.append(InvalidValue(where, item, f"there is no such key{meant}"))

    def built(
        self,
        kind: type[attrs.AttrsInstance],
        values: dict[str, object],
        wrong: set[str],
        path: str,
    ) -> object:
        """Return the value, or find what its own checks refuse, one field after the other."""
        hints = self.hints(kind)
        while True:
            missing = [name for name in _required(kind) if name not in values]
            stand_ins = {name: self.stand_in(hints[name]) for name in missing}
            if _WRONG in stand_ins.values():
                return _WRONG
            try:
                return kind(**stand_ins, **values)
            except SubrenewError as error:
                name = self.blamed(error, kind, path, values, wrong)
            if name not in values:
                return _WRONG
            del values[name]
            wrong.add(name)

    def blamed(
        self,
        error: SubrenewError,
        kind: type[attrs.AttrsInstance],
        path: str,
        values: dict[str, object],
        wrong: set[str],
    ) -> str:
        """Take down what the value's own check said, and return the field that it named."""
        if not isinstance(error, InvalidValue):
            error = InvalidValue(kind.__name__, kind.__name__, str(error))
        whose, _, inner = error.field.partition(".")
        if whose != kind.__name__:
            inner = ""
        name = inner.partition(".")[0].partition("[")[0]
        # What follows from another mistake is no mistake of its own.
        if name not in wrong and (name in values or not wrong):
            where = f"{path}.{inner}" if inner else path
            self.errors.append(type(error)(where, error.value, error.remedy))
        return name

    def stand_in(self, hint: Any) -> object:  # noqa: ANN401 - a type hint
        """Return a value for a field whose own is missing or wrong, so that others are checked."""
        if plain.is_union(hint):
            return None if _may_be_none(hint) else self.stand_in(get_args(hint)[0])
        if plain.is_enum(hint):
            return next(iter(hint))
        if get_origin(hint) in (tuple, frozenset):
            return get_origin(hint)()
        if hint in plain.FORMS:
            return plain.FORMS[hint].stand_in
        hints = self.hints(hint)
        try:
            return hint(**{name: self.stand_in(hints[name]) for name in _required(hint)})
        except InvalidValue:
            return _WRONG


def _may_be_none(hint: object) -> bool:
    return NoneType in get_args(hint)
