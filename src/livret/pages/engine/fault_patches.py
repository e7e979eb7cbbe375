"""Faults in style sheets that end the engine, such as `var()`, `calc(1px + )` and `font: 9pt/`: told as any other.

Whoever types a style sheet saves it half written. The engine takes some values apart without looking whether they are
whole, and then knows neither the file nor the line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from weasyprint.css import validation
from weasyprint.css.tokens import InvalidValues
from weasyprint.css.validation import descriptors, expanders, properties

# What the engine raises where something is missing that it takes for granted.
_FAULTS = (AssertionError, AttributeError, IndexError, KeyError, TypeError, UnboundLocalError)

_engine_compile = validation.compile_selector_list


def apply() -> None:
    """Put a guard around whatever reads a value or a selector."""
    validation.validate_non_shorthand = _guarded(validation.validate_non_shorthand, is_several=True)
    for name, reader in validation.EXPANDERS.items():
        validation.EXPANDERS[name] = _guarded(reader, is_several=True)
    for known in descriptors.DESCRIPTORS.values():
        for name, reader in known.items():
            known[name] = _guarded(reader)
    # Values with variables are read when the variables are known.
    for pending in (properties.PendingProperty, expanders.PendingExpander):
        pending.validate = _guarded(pending.validate)
    validation.compile_selector_list = _compile


def _guarded(reader: Callable[..., Any], *, is_several: bool = False) -> Callable[..., Any]:
    """A reader of values that finds a value invalid where it would end; `is_several` reads one after the other."""

    @wraps(reader)
    def guarded(*given: Any, **named: Any) -> Any:
        try:
            found = reader(*given, **named)
            return list(found) if is_several else found
        except _FAULTS as problem:
            raise InvalidValues from problem

    return guarded


def _compile(prelude: Any) -> Any:
    try:
        return _engine_compile(prelude)
    except _FAULTS as problem:
        raise validation.SelectorError from problem
