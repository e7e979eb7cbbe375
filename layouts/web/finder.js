/* The filters of the web edition. Everything they show is in the page; without this script all of it stays shown. */
(() => {
  "use strict";
  const form = document.getElementById("filters");
  if (!form) return;
  const cards = [...document.querySelectorAll(".card")];
  const lines = new Map([...document.querySelectorAll("[data-card]")].map((line) => [line.dataset.card, line]));
  const count = document.getElementById("count");
  const reset = document.getElementById("reset");
  const nationals = document.getElementById("national-choice");
  const texts = new Map();
  let told = 0;

  // As a reader types: no case, no accents, one kind of space and of apostrophe.
  const folded = (text) =>
    text.normalize("NFKD").replace(/\p{M}|\u00ad/gu, "").replace(/[’ʼ]/g, "'").replace(/œ/gi, "oe").replace(/æ/gi, "ae")
      .replace(/\s+/g, " ").toLowerCase();

  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, folded(card.textContent));
    return texts.get(card);
  };

  const chosen = () => ({
    words: form.elements.words.value.trim(),
    themes: [...form.querySelectorAll("[name=theme]:checked")].map((box) => box.value),
    place: form.elements.place ? form.elements.place.value : "",
    national: form.elements.national ? form.elements.national.checked : true,
  });

  const isFree = (choice) => !choice.words && !choice.themes.length && !choice.place;

  const shows = (card, choice, words) => {
    const national = "national" in card.dataset;
    if (choice.themes.length && !choice.themes.some((theme) => card.dataset.themes.split(" ").includes(theme))) return false;
    if (choice.place === "national" && !national) return false;
    if (choice.place && choice.place !== "national" && !card.dataset.places.split(" ").includes(choice.place) &&
        !(national && choice.national)) return false;
    return words.every((word) => textOf(card).includes(word));
  };

  // The choice as the address keeps it; a card's own address is left alone.
  const written = (choice) => {
    const kept = new URLSearchParams();
    if (choice.words) kept.set("words", choice.words);
    if (choice.themes.length) kept.set("theme", choice.themes.join(" "));
    if (choice.place) kept.set("place", choice.place);
    if (choice.place && !choice.national) kept.set("national", "no");
    return kept.toString();
  };

  const apply = () => {
    const choice = chosen();
    const words = folded(choice.words).split(" ").filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const is = shows(card, choice, words);
      card.hidden = !is;
      lines.get(card.id).hidden = !is;
      shown += is;
    }
    if (nationals) nationals.hidden = !choice.place || choice.place === "national";
    reset.hidden = isFree(choice);
    const kind = isFree(choice) ? "all" : shown === 0 ? "none" : shown === 1 ? "one" : "some";
    const line = count.dataset[kind].replace("{n}", shown).replace("{total}", cards.length);
    // Said once the typing pauses, not at every letter.
    clearTimeout(told);
    told = setTimeout(() => { if (count.textContent !== line) count.textContent = line; }, 200);
    return choice;
  };

  const changed = () => {
    const state = written(apply());
    history.replaceState(null, "", state ? "#?" + state : "#initiatives");
  };

  const set = (state) => {
    form.elements.words.value = state.get("words") || "";
    const themes = (state.get("theme") || "").split(" ");
    for (const box of form.querySelectorAll("[name=theme]")) box.checked = themes.includes(box.value);
    const place = form.elements.place;
    if (place) place.value = [...place.options].some((option) => option.value === state.get("place")) ? state.get("place") : "";
    if (form.elements.national) form.elements.national.checked = state.get("national") !== "no";
  };

  const arrive = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("?")) {
      set(new URLSearchParams(hash.slice(1)));
      apply();
      document.getElementById("initiatives").scrollIntoView();
      return true;
    }
    // A link to a card that the filters hide shows it.
    const target = hash && document.getElementById(hash);
    if (target && target.closest(".card[hidden]")) {
      set(new URLSearchParams());
      apply();
      target.scrollIntoView();
    }
    return false;
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  // After the fields are empty; the button goes, so the line that tells the number takes the focus.
  form.addEventListener("reset", () => setTimeout(() => {
    count.focus({ preventScroll: true });
    changed();
  }));
  for (const tile of document.querySelectorAll("a[data-theme]")) {
    tile.addEventListener("click", (event) => {
      event.preventDefault();
      location.hash = "?" + new URLSearchParams({ theme: tile.dataset.theme });
      document.getElementById("initiatives").scrollIntoView();
      const box = [...form.querySelectorAll("[name=theme]")].find((one) => one.value === tile.dataset.theme);
      if (box) box.focus({ preventScroll: true });
    });
  }
  addEventListener("hashchange", arrive);
  form.hidden = false;
  apply();
  if (arrive()) {
    // Lines break anew when the fonts arrive; whoever has not moved meanwhile is put where the address leads.
    const section = document.getElementById("initiatives");
    section.scrollIntoView({ behavior: "instant" });
    const place = scrollY;
    document.fonts.ready.then(() => { if (scrollY === place) section.scrollIntoView({ behavior: "instant" }); });
  }
})();
