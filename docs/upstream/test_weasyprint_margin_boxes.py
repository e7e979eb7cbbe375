"""Goes with weasyprint-margin-boxes.patch."""

from weasyprint import CSS, HTML
from weasyprint.formatting_structure.boxes import MarginBox


def made(monkeypatch, css):
    count = []
    init = MarginBox.__init__
    monkeypatch.setattr(MarginBox, '__init__', lambda box, *args: count.append(box) or init(box, *args))
    document = HTML(string='<p>a').render(stylesheets=[CSS(string=css)])
    boxes = document.pages[0]._page_box.children
    return len(count), [box.at_keyword for box in boxes if isinstance(box, MarginBox)]


def test_pages_without_margin_content_make_no_margin_boxes(monkeypatch):
    assert made(monkeypatch, '@page { margin: 2cm }') == (0, [])


def test_pages_with_margin_content_have_their_margin_boxes(monkeypatch):
    count, names = made(monkeypatch, '@page { @bottom-left-corner { content: "1" } }')
    assert count
    assert names == ['@bottom-left-corner']
