"""Goes with tinyhtml5-kept-patterns.patch."""

from tinyhtml5 import inputstream


def test_patterns_are_found_again():
    inputstream.characters_until_regex.clear()
    wanted = frozenset('<&')
    for _ in range(3):
        stream = inputstream.HTMLUnicodeInputStream('abc<def')
        assert stream.chars_until(wanted) == 'abc'
    assert list(inputstream.characters_until_regex) == [(wanted, False)]
