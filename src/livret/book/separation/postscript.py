"""Runs the PostScript calculator functions of a PDF (type 4; ISO 32000-1, 7.10.5).

A program is parsed into tuples. Its stack is a list.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from livret.book.separation.pdf_input import Inseparable
from livret.translation import say

# A program holds numbers, names of operators, and nested programs.
Program = tuple[Any, ...]

# The most values on the stack, and how deep programs may nest. ISO 32000-1, C.2, asks for 100.
STACK = 200
DEPTH = 32

_TOKEN = re.compile(rb"[{}]|[^\s{}]+")
_COMMENT = re.compile(rb"%[^\r\n]*")


def parse(source: bytes) -> Program:
    """Parse a program in braces. Raises Inseparable when braces do not match or an operator is unknown."""
    levels: list[list[Any]] = [[]]
    for token in _TOKEN.findall(_COMMENT.sub(b"", source)):
        if token == b"{":
            levels.append([])
            if len(levels) > DEPTH:
                raise Inseparable("damaged-part", say("a calculator function nests too deeply"))
        elif token == b"}":
            if len(levels) == 1:
                raise Inseparable("damaged-part", say("a calculator function has a brace too many"))
            done = tuple(levels.pop())
            levels[-1].append(done)
        else:
            levels[-1].append(_word(token.decode("latin-1")))
    if len(levels) != 1 or len(levels[0]) != 1 or not isinstance(levels[0][0], tuple):
        raise Inseparable("damaged-part", say("a calculator function lacks a brace"))
    program: Program = levels[0][0]
    return program


def _word(word: str) -> float | bool | str:
    if word in ("true", "false"):
        return word == "true"
    if word in _SIMPLE or word in _STACK:
        return word
    try:
        return int(word) if word.lstrip("+-").isdigit() else float(word)
    except ValueError:
        raise Inseparable(
            "damaged-part", say('a calculator function has the operator "{word}"', word=word[:20])
        ) from None


def run(program: Program, inputs: Sequence[float], outputs: int) -> tuple[float, ...]:
    """Run a program. Return the top `outputs` values of its stack.

    Raises Inseparable when the program fails or leaves fewer values.
    """
    stack: list[Any] = list(inputs)
    try:
        _run(program, stack)
        left = tuple(float(value) for value in stack[len(stack) - outputs :])
    except (IndexError, TypeError, ValueError, ArithmeticError) as fault:
        raise Inseparable("damaged-part", say("a calculator function fails: {fault}", fault=fault)) from fault
    if len(left) != outputs:
        raise Inseparable("damaged-part", say("a calculator function leaves too few values"))
    return left


def _run(program: Program, stack: list[Any]) -> None:
    for place, word in enumerate(program):
        if isinstance(word, tuple):
            continue
        if word == "if":
            if stack.pop():
                _run(program[place - 1], stack)
        elif word == "ifelse":
            _run(program[place - 2 if stack.pop() else place - 1], stack)
        elif isinstance(word, str) and word in _SIMPLE:
            number, function = _SIMPLE[word]
            stack[len(stack) - number :] = [function(*_top(stack, number))]
        elif isinstance(word, str):
            _STACK[word](stack)
        else:
            stack.append(word)
        if len(stack) > STACK:
            raise Inseparable("damaged-part", say("a calculator function puts too many values on its stack"))


def _top(stack: list[Any], number: int) -> list[Any]:
    if len(stack) < number:
        raise IndexError(say("nothing left to work on"))
    return stack[len(stack) - number :]


def _degrees(opposite: float, adjacent: float) -> float:
    return math.degrees(math.atan2(opposite, adjacent)) % 360


def _shift(value: int, places: int) -> int:
    return value << min(places, 64) if places >= 0 else value >> -places


def _invert(value: Any) -> Any:
    return not value if isinstance(value, bool) else ~value


# Operators that give one value, each with the number of values it takes.
_SIMPLE: dict[str, tuple[int, Callable[..., Any]]] = {
    "abs": (1, abs),
    "add": (2, operator.add),
    "and": (2, operator.and_),
    "atan": (2, _degrees),
    "bitshift": (2, _shift),
    "ceiling": (1, math.ceil),
    "cos": (1, lambda angle: math.cos(math.radians(angle))),
    "cvi": (1, int),
    "cvr": (1, float),
    "div": (2, operator.truediv),
    "eq": (2, operator.eq),
    "exp": (2, lambda base, exponent: float(base) ** exponent),
    "floor": (1, math.floor),
    "ge": (2, operator.ge),
    "gt": (2, operator.gt),
    "idiv": (2, lambda a, b: int(a / b)),
    "le": (2, operator.le),
    "ln": (1, math.log),
    "log": (1, math.log10),
    "lt": (2, operator.lt),
    "mod": (2, lambda a, b: int(math.fmod(a, b))),
    "mul": (2, operator.mul),
    "ne": (2, operator.ne),
    "neg": (1, operator.neg),
    "not": (1, _invert),
    "or": (2, operator.or_),
    "round": (1, lambda value: math.floor(value + 0.5)),
    "sin": (1, lambda angle: math.sin(math.radians(angle))),
    "sqrt": (1, math.sqrt),
    "sub": (2, operator.sub),
    "truncate": (1, math.trunc),
    "xor": (2, operator.xor),
}


def _copy(stack: list[Any]) -> None:
    number = stack.pop()
    stack += _top(stack, number)


def _index(stack: list[Any]) -> None:
    stack.append(_top(stack, stack.pop() + 1)[0])


def _roll(stack: list[Any]) -> None:
    turns, number = stack.pop(), stack.pop()
    if number:
        moved = _top(stack, number)
        turns %= number
        stack[len(stack) - number :] = moved[number - turns :] + moved[: number - turns]


def _exchange(stack: list[Any]) -> None:
    stack[-2:] = reversed(_top(stack, 2))


_STACK: dict[str, Callable[[list[Any]], Any]] = {
    "copy": _copy,
    "dup": lambda stack: stack.append(stack[-1]),
    "exch": _exchange,
    "index": _index,
    "pop": lambda stack: stack.pop(),
    "roll": _roll,
    "if": lambda stack: None,
    "ifelse": lambda stack: None,
}
