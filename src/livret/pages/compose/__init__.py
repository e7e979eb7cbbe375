"""From a part to a galley: HTML, lists, drawings, folios."""
