"""Goes with weasyprint-lines-below-floats.patch."""

from weasyprint import CSS, HTML
from weasyprint.layout import inline


def measured(monkeypatch, paragraphs):
    count = []
    measure = inline.inline_min_content_width
    monkeypatch.setattr(inline, 'inline_min_content_width', lambda *a, **k: count.append(1) or measure(*a, **k))
    css = CSS(string='p { margin: 0; line-height: 20px } div { float: left; width: 50px; height: 30px }')
    HTML(string='<div></div>' + '<p>a</p>' * paragraphs).render(stylesheets=[css])
    monkeypatch.undo()
    return len(count)


def test_only_lines_beside_a_float_are_measured(monkeypatch):
    beside = measured(monkeypatch, 2)
    assert beside
    assert measured(monkeypatch, 10) == beside
