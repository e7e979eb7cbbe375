"""Goes with weasyprint-array-types.patch."""

from weasyprint import HTML
from weasyprint.text.ffi import ffi


def test_arrays_of_all_lengths_have_one_type(monkeypatch):
    asked = []
    parse = ffi._parser.parse_type
    monkeypatch.setattr(ffi._parser, 'parse_type', lambda name: asked.append(name) or parse(name))
    for text in ('a', 'ab', 'abc', 'abcd'):
        assert HTML(string=f'<p>{text}').write_pdf()
    assert len([name for name in asked if name.startswith('hb_codepoint_t')]) <= 1
