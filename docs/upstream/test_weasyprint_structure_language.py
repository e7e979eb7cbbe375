"""Goes with weasyprint-structure-language.patch."""

from weasyprint import HTML


def test_structure_elements_have_the_language_of_their_element():
    html = '<html lang="fr"><title>a</title><p>un <span lang="en">two</span></p>'
    pdf = HTML(string=html).write_pdf(pdf_variant='pdf/ua-1', uncompressed_pdf=True)
    assert pdf.count(b'/Lang (en)') == 1
