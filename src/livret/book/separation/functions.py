"""Reads and evaluates PDF functions (ISO 32000-1, 7.10), and writes them as tables of samples."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from livret.book.separation import postscript
from livret.book.separation.pdf_input import FAULTS, Inseparable, along, between, floats, pairs, plain_bytes
from livret.translation import say

Values = tuple[float, ...]
Intervals = tuple[tuple[float, float], ...]

# The most samples of one function: four inks with 64 samples in each of three directions. Gradients need fewer.
SAMPLES_LIMIT = 2**20
# How deep functions may nest. Real files have two levels.
DEPTH = 8


@dataclass(frozen=True)
class Function:
    """A function that can be called.

    Two fields are for functions with one input. `breaks` are the inputs where the formula changes. `detail` is the
    number of samples that is enough between two breaks.
    """

    domain: Intervals
    outputs: int
    calculate: Callable[[Sequence[float]], Values]
    range: Intervals = ()
    breaks: Values = ()
    detail: int = 257

    def __call__(self, *inputs: float) -> Values:
        """Return the outputs. Inputs are limited to the domain, outputs to the range."""
        held = [between(value, *limits) for value, limits in zip(inputs, self.domain, strict=True)]
        values = self.calculate(held)
        if not self.range:
            return values
        return tuple(between(value, *limits) for value, limits in zip(values, self.range, strict=True))


def read(source: Any) -> Function:
    """Read a PDF function, or an array of functions with one output each, as one function.

    Raises Inseparable when it is not a function or does not follow the standard.
    """
    try:
        function = _joined([_read(part) for part in source]) if isinstance(source, pikepdf.Array) else _read(source)
        # Call it once: some faults, such as a table that is too short, are found only then.
        function(*(low for low, _ in function.domain))
    except Inseparable:
        raise
    except FAULTS as fault:
        raise Inseparable("damaged-part", say("a function is damaged: {fault}", fault=fault)) from fault
    return function


def _read(source: Any, depth: int = 0) -> Function:
    domain = pairs(source["/Domain"])
    limits = pairs(source["/Range"]) if "/Range" in source else ()
    kind = int(source["/FunctionType"])
    if kind == 0:
        return _table(source, domain, limits)
    if kind == 2:
        return _power(source, domain, limits)
    if kind == 3 and depth < DEPTH:
        return _stitched(source, domain, limits, depth)
    if kind == 4:
        program = postscript.parse(plain_bytes(source))
        return Function(domain, len(limits), lambda inputs: postscript.run(program, inputs, len(limits)), limits)
    raise Inseparable("damaged-part", say("there is no function of type {kind}", kind=kind))


def _joined(parts: list[Function]) -> Function:
    """Join functions of the same inputs, with one output each, into one."""
    breaks = tuple(sorted({place for part in parts for place in part.breaks}))

    def calculate(inputs: Sequence[float]) -> Values:
        return tuple(value for part in parts for value in part(*inputs))

    return Function(parts[0].domain, sum(part.outputs for part in parts), calculate, (), breaks, _detail(parts))


def _power(source: Any, domain: Intervals, limits: Intervals) -> Function:
    """Read type 2: from C0 to C1 by a power of the input."""
    start = floats(source.get("/C0", [0]))
    end = floats(source.get("/C1", [1]), len(start))
    exponent = float(source["/N"])

    def calculate(inputs: Sequence[float]) -> Values:
        part = inputs[0] ** exponent
        return tuple(a + part * (b - a) for a, b in zip(start, end, strict=True))

    return Function(domain, len(start), calculate, limits, (), 65)


def _stitched(source: Any, domain: Intervals, limits: Intervals, depth: int) -> Function:
    """Read type 3: one function after the other."""
    parts = [_read(part, depth + 1) for part in source["/Functions"]]
    bounds = floats(source["/Bounds"], len(parts) - 1)
    encode = pairs(source["/Encode"])[: len(parts)]
    edges = (domain[0][0], *bounds, domain[0][1])

    def calculate(inputs: Sequence[float]) -> Values:
        value = inputs[0]
        index = sum(bound <= value for bound in bounds)
        return parts[index](along(value, (edges[index], edges[index + 1]), encode[index]))

    # The breaks of the parts, converted back to inputs of the whole function.
    inner = {
        along(place, encode[index], (edges[index], edges[index + 1]))
        for index, part in enumerate(parts)
        for place in part.breaks
        if encode[index][0] != encode[index][1]
    }
    breaks = tuple(sorted(place for place in inner | set(bounds) if domain[0][0] < place < domain[0][1]))
    return Function(domain, parts[0].outputs, calculate, limits, breaks, _detail(parts))


def _detail(parts: Sequence[Function]) -> int:
    return max(part.detail for part in parts)


def _table(source: Any, domain: Intervals, limits: Intervals) -> Function:
    """Read type 0: samples on a grid, with linear interpolation between them."""
    sizes = tuple(int(size) for size in source["/Size"])
    bits = int(source["/BitsPerSample"])
    outputs = len(limits)
    total = math.prod(sizes) * outputs
    if not 0 < total <= SAMPLES_LIMIT or len(sizes) > 4 or min(sizes) < 1:
        raise Inseparable("damaged-part", say("a function has {total} samples", total=total))
    encode = pairs(source["/Encode"]) if "/Encode" in source else tuple((0.0, size - 1.0) for size in sizes)
    decode = pairs(source["/Decode"]) if "/Decode" in source else limits
    raw = numbers(plain_bytes(source), bits, total)
    top = 2**bits - 1
    strides = [math.prod(sizes[:axis]) for axis in range(len(sizes))]

    def calculate(inputs: Sequence[float]) -> Values:
        corners: list[tuple[int, float]] = [(0, 1.0)]
        for value, own, code, size, stride in zip(inputs, domain, encode, sizes, strides, strict=True):
            place = between(along(value, own, code), 0, size - 1)
            low = min(int(place), max(size - 2, 0))
            part = place - low
            steps = ((low, 1 - part), (low + 1, part)) if part else ((low, 1.0),)
            corners = [(at + stride * step, weight * share) for at, weight in corners for step, share in steps]
        return tuple(
            along(sum(raw[at * outputs + output] * weight for at, weight in corners), (0, top), decode[output])
            for output in range(outputs)
        )

    return Function(domain, outputs, calculate, limits)


def numbers(raw: bytes, bits: int, total: int) -> Sequence[int]:
    """Read `total` unsigned numbers of `bits` bits (1 to 32), highest bit first. Raises Inseparable if too few."""
    if bits not in (1, 2, 4, 8, 12, 16, 24, 32) or len(raw) * 8 < bits * total:
        raise Inseparable("damaged-part", say("a table of samples is shorter than declared"))
    if bits == 8:
        return raw[:total]
    if bits % 8 == 0:
        wide = bits // 8
        return [int.from_bytes(raw[at : at + wide], "big") for at in range(0, total * wide, wide)]
    mask = 2**bits - 1
    whole = int.from_bytes(raw[: (bits * total + 7) // 8], "big") >> (-bits * total % 8)
    return [whole >> bits * (total - 1 - index) & mask for index in range(total)]


# --- writing ---


def straight(start: Values, end: Values) -> pikepdf.Dictionary:
    """Return a function of type 2 that is linear from one colour to another."""
    return pikepdf.Dictionary(
        FunctionType=2, Domain=[0, 1], C0=[round(v, 4) for v in start], C1=[round(v, 4) for v in end], N=1
    )


def table(pdf: pikepdf.Pdf, domain: Intervals, sizes: Sequence[int], samples: Sequence[Values]) -> pikepdf.Object:
    """Return a function of type 0 with 16 bits a sample. Samples are from 0 to 1. The first input changes fastest."""
    raw = b"".join(round(between(value, 0, 1) * 65535).to_bytes(2, "big") for sample in samples for value in sample)
    stream = pdf.make_stream(raw)
    stream["/FunctionType"] = 0
    stream["/Domain"] = pikepdf.Array(list(itertools.chain.from_iterable(domain)))
    stream["/Range"] = pikepdf.Array([0, 1] * len(samples[0]))
    stream["/Size"] = pikepdf.Array(list(sizes))
    stream["/BitsPerSample"] = 16
    return stream


def stitched(domain: tuple[float, float], bounds: Sequence[float], parts: Sequence[Any]) -> pikepdf.Dictionary:
    """Return a function of type 3. Each part has the domain 0 to 1."""
    return pikepdf.Dictionary(
        FunctionType=3,
        Domain=list(domain),
        Bounds=list(bounds),
        Encode=[0, 1] * len(parts),
        Functions=pikepdf.Array(list(parts)),
    )
