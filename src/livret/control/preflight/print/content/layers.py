"""Optional content: which layers are off when the file is opened, so that what is on them does not print.

ISO 32000-1, 8.11, by the default configuration alone. Layers of processing steps, such as the line a die cuts along,
are no part of the print either (ISO 19593-1).
"""

from __future__ import annotations

from livret.control.preflight.pdf_objects import entry, identity, listed, members, name, raw, resolve

DEEPEST = 16


class Layers:
    """The layers of one file."""

    def __init__(self, root: object) -> None:
        properties = entry(root, "/OCProperties")
        default = entry(properties, "/D")
        groups = {identity(one) for one in members(raw(properties, "/OCGs"))}
        on = {identity(one) for one in members(raw(default, "/ON"))}
        off = {identity(one) for one in members(raw(default, "/OFF"))}
        self.off = off | (groups - on if name(raw(default, "/BaseState")) == "OFF" else set())

    def hides(self, value: object) -> bool:
        """Whether a layer, or a rule over layers, hides what belongs to it."""
        return self._hides(value, 0)

    def _hides(self, value: object, depth: int) -> bool:
        kind = name(raw(value, "/Type"))
        if kind != "OCMD":
            if kind == "OCG" and entry(value, "/GTS_Metadata", "/GTS_ProcStepsGroup") is not None:
                return True
            return resolve(value) is not None and identity(value) in self.off
        expression = members(raw(value, "/VE"))
        if expression and depth < DEEPEST:
            return not self._true(expression, depth)
        hidden = [self._hides(one, DEEPEST) for one in listed(raw(value, "/OCGs")) if resolve(one) is not None]
        if not hidden:
            return False
        policy = name(raw(value, "/P"))
        if policy == "AllOn":
            return any(hidden)
        if policy == "AllOff":
            return not all(hidden)
        if policy == "AnyOff":
            return not any(hidden)
        return all(hidden)

    def _true(self, expression: tuple[object, ...], depth: int) -> bool:
        """Whether a visibility expression, an operator with its operands, is true."""
        values = []
        for one in expression[1:]:
            parts = members(one)
            if parts and depth < DEEPEST:
                values.append(self._true(parts, depth + 1))
            else:
                values.append(not self._hides(one, DEEPEST))
        operator = name(expression[0])
        if operator == "Not":
            return not (values and values[0])
        return any(values) if operator == "Or" else all(values)
