// Where the cursor is in a form, and the way back to it when values have changed.

/** Gives what puts the cursor back where it is now, after the value of its field, or the whole row, has become another. */
export function cursor(form) {
  const { activeElement: box } = document;
  const { value, selectionStart, selectionEnd } = box;
  const path = JSON.parse(box.closest("[data-path]")?.dataset.path ?? "[]");
  return () => {
    const now = box.isConnected ? box : form.at(path)?.control;
    now?.focus({ preventScroll: true });
    if (selectionStart === null || now?.selectionStart === undefined) return;
    now.setSelectionRange(moved(selectionStart, value, now.value), moved(selectionEnd, value, now.value));
  };
}

/** Where a place in a text is when the text has become another: as far from that end up to which all stayed the same. */
function moved(place, before, after) {
  let start = 0;
  while (start < place && before[start] === after[start]) start += 1;
  return start === place ? place : Math.max(start, after.length - (before.length - place));
}
