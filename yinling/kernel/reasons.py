"""A reason: one sentence for a person, kept apart from the values in it.

Pure code cannot translate, because it knows neither the reader nor Django. It returns a `Reason`:
the English sentence with named placeholders (which is also the msgid of the translation) and the
values. `web` renders it in the reader's language; `str()` gives plain English for logs and tests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """Words that come from data (a code list, a scale), so no catalogue can translate them."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en

    def in_language(self, language: str) -> str:
        """The words for a language tag such as `zh-hans` or `en`."""
        return self.zh if language.lower().startswith("zh") else self.en


class _FrozenValues(Mapping[str, Any]):
    """A mapping that cannot be changed, so that a reason can be a key and be shared."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_FrozenValues, (self._items,))


class Reason:
    """Why something was decided: `text` (English msgid with `{named}` places) and its `values`.

    >>> str(Reason("The bed {bed} is taken.", bed="3-02"))
    'The bed 3-02 is taken.'
    """

    __slots__ = ("text", "values")

    text: str
    values: Mapping[str, Any]

    def __init__(self, text: str, /, **values: Any) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "values", _FrozenValues(values))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"A Reason is a value and cannot be changed ({name}).")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"A Reason is a value and cannot be changed ({name}).")

    def __str__(self) -> str:
        return self.formatted(self.text)

    def formatted(self, text: str) -> str:
        """`text` (the msgid or its translation) with the values filled in.

        A reason is often all that a refused person gets to read, so a translation with a wrong
        placeholder must not turn it into an error: then the sentence is shown unfilled, values after it.
        """
        if not self.values:
            return text
        try:
            return text.format(**self.values)
        except (KeyError, IndexError, ValueError):
            shown = ", ".join(f"{name}={value}" for name, value in self.values.items())
            return f"{text} ({shown})"

    def as_data(self) -> dict[str, Any]:
        """A form that JSON can keep: `{"text", "values"}`; dates become ISO text, words stay bilingual."""
        return {"text": self.text, "values": {name: _plain(value) for name, value in self.values.items()}}

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "Reason":
        """The reason that `as_data` wrote; dates stay ISO text."""
        return _rebuilt(data["text"], {name: _live(value) for name, value in data["values"].items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reason):
            return NotImplemented
        return self.text == other.text and dict(self.values) == dict(other.values)

    def __hash__(self) -> int:
        # Only the names of the values: a value may be a list, and equal reasons have equal names.
        return hash((self.text, frozenset(self.values)))

    def __repr__(self) -> str:
        arguments = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"Reason({self.text!r}{arguments})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.text, dict(self.values)))


def _rebuilt(text: str, values: dict[str, Any]) -> Reason:
    return Reason(text, **values)


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Reason):
        return value.as_data()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _live(value: Any) -> Any:
    if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
        return Words(value["zh"], value["en"])
    if isinstance(value, Mapping) and set(value) == {"text", "values"}:
        return Reason.from_data(value)
    return value
