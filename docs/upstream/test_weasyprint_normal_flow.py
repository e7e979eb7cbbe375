"""Goes with weasyprint-normal-flow.patch."""

import pytest
from weasyprint.formatting_structure.boxes import Box


class Style(dict):
    """Counts the values that are looked up."""

    count = 0

    def __getitem__(self, name):
        self.count += 1
        return super().__getitem__(name)


@pytest.mark.parametrize(('position', 'float_', 'is_in_flow'), (
    ('static', 'none', True),
    ('relative', 'none', True),
    ('absolute', 'none', False),
    ('fixed', 'none', False),
    (('running()', 'title'), 'none', False),
    (('note()', 'footnote'), 'none', False),
    ('static', 'left', False),
    ('static', 'inline-end', False),
    ('static', 'footnote', False),
))
def test_boxes_in_normal_flow_ask_twice(position, float_, is_in_flow):
    style = Style(position=position, float=float_)
    box = Box.__new__(Box)
    box.style = style
    assert box.is_in_normal_flow() is is_in_flow
    assert style.count <= 2
