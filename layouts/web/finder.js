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
  const filtered = document.getElementById("filtered");
  const texts = new Map();
  let told = 0;
  let waiting = 0;

  // As a reader types: no case, no accents, one kind of space and of apostrophe.
  const folded = (text) =>
    text.normalize("NFKD").replace(/\p{M}|\u00ad/gu, "").replace(/[’ʼ]/g, "'").replace(/œ/gi, "oe").replace(/æ/gi, "ae")
      .replace(/\s+/g, " ").toLowerCase();

  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, folded(card.textContent));
    return texts.get(card);
  };

  // Texts are folded before somebody types, a few cards at a time, while the browser has nothing else to do.
  const idle = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 5 }), 50));
  const prepare = (rest) => idle((deadline) => {
    while (rest.length && deadline.timeRemaining() > 2) textOf(rest.shift());
    if (rest.length) prepare(rest);
  });

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

  // What paper says of the choice: the words, the themes and the place as they are read in the form.
  const spoken = (choice) => {
    const parts = choice.words ? [filtered.dataset.words.replace("{words}", () => choice.words)] : [];
    for (const box of form.querySelectorAll("[name=theme]:checked")) parts.push(box.closest("label").textContent.trim());
    if (choice.place) {
      const option = form.elements.place.selectedOptions[0];
      const national = form.elements.national;
      parts.push(option.textContent.trim());
      if (national && choice.national && choice.place !== "national") parts.push(national.closest("label").textContent.trim());
    }
    return parts.join(" · ");
  };

  const apply = () => {
    const choice = chosen();
    const words = folded(choice.words).split(" ").filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const is = shows(card, choice, words);
      if (card.hidden === is) {
        card.hidden = !is;
        lines.get(card.id).hidden = !is;
      }
      shown += is;
    }
    if (nationals) nationals.hidden = !choice.place || choice.place === "national";
    reset.hidden = isFree(choice);
    const kind = isFree(choice) ? "all" : shown === 0 ? "none" : shown === 1 ? "one" : "some";
    const line = count.dataset[kind].replace("{n}", shown).replace("{total}", cards.length);
    // Said once the typing pauses, not at every letter.
    clearTimeout(told);
    told = setTimeout(() => { if (count.textContent !== line) count.textContent = line; }, 200);
    filtered.hidden = isFree(choice);
    filtered.textContent = isFree(choice) ? "" : filtered.dataset.begins + " " + spoken(choice) + " – " + line;
    document.body.classList.toggle("is-filtered", !isFree(choice));
    return choice;
  };

  const changed = () => {
    clearTimeout(waiting);
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

  // Letters that follow each other quickly are answered together.
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target === form.elements.words) waiting = setTimeout(changed, 20);
    else changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    changed();
  });
  // Pictures that nobody has come near are not on paper otherwise.
  addEventListener("beforeprint", () => {
    for (const picture of document.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
  });
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
  prepare([...cards]);
  if (arrive()) {
    // Lines break anew when the fonts arrive; whoever has not moved meanwhile is put where the address leads.
    const section = document.getElementById("initiatives");
    section.scrollIntoView({ behavior: "instant" });
    const place = scrollY;
    document.fonts.ready.then(() => { if (scrollY === place) section.scrollIntoView({ behavior: "instant" }); });
  }
})();
