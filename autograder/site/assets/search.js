"use strict";

(() => {
  const MOST = 20; // places shown
  const AROUND = 60; // characters shown on each side of a word
  const form = document.getElementById("page-search");
  const input = document.getElementById("page-words");
  const panel = document.getElementById("page-results");
  const found = document.getElementById("page-found");
  const places = document.getElementById("page-places");
  let index = null; // read when it is first needed

  const load = () => {
    if (index || document.getElementById("page-search-index")) return;
    const script = document.createElement("script");
    script.id = "page-search-index";
    script.src = "assets/search-index.js";
    script.onload = () => {
      index = window.searchIndex;
      search();
    };
    script.onerror = () => { found.textContent = "The search cannot be loaded."; };
    document.head.append(script);
  };

  // What is typed is the beginning of a word, not its middle: "in" is not looked for in "string".
  const pattern = (word) => {
    const before = /^[\p{L}\p{N}]/u.test(word) ? "(?<![\\p{L}\\p{N}])" : "";
    return new RegExp(before + word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "giu");
  };

  // A word in a section's title counts most, then the page's, then the text; every word must stand somewhere.
  const score = (entry, words) => {
    let sum = 0;
    for (const word of words) {
      const titles = (entry.title.search(word) >= 0 ? 20 : 0) + (entry.page.search(word) >= 0 ? 5 : 0);
      const times = entry.text.match(word)?.length ?? 0;
      if (!titles && !times) return 0;
      sum += titles + Math.min(times, 5);
    }
    return sum;
  };

  // The text around the first word, with that word marked. Text nodes only: nothing of it becomes markup.
  const excerpt = (entry, words) => {
    const part = document.createElement("span");
    const [start, end] = words
      .flatMap((word) => [...entry.text.matchAll(word)].slice(0, 1))
      .map((found) => [found.index, found.index + found[0].length])
      .sort(([a], [b]) => a - b)[0] ?? [0, 0];
    const mark = document.createElement("mark");
    mark.textContent = entry.text.slice(start, end);
    part.append(start > AROUND ? "… " : "", entry.text.slice(Math.max(0, start - AROUND), start));
    if (end) part.append(mark);
    part.append(entry.text.slice(end, end + AROUND), " …");
    return part;
  };

  const place = (entry, words) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const title = document.createElement("b");
    link.href = entry.url;
    title.textContent = entry.title === entry.page ? entry.page : `${entry.page}: ${entry.title}`;
    link.append(title, document.createElement("br"), excerpt(entry, words));
    link.addEventListener("click", close); // the place may be on this page
    item.append(link);
    return item;
  };

  const search = () => {
    const words = input.value.split(/\s+/).filter(Boolean).map(pattern);
    if (!words.length) return close();
    panel.classList.add("open");
    if (!index) {
      found.textContent = "Loading the search …";
      return load();
    }
    const hits = index
      .map((entry) => ({ entry, score: score(entry, words) }))
      .filter((hit) => hit.score)
      .sort((a, b) => b.score - a.score);
    places.replaceChildren(...hits.slice(0, MOST).map((hit) => place(hit.entry, words)));
    const count = hits.length === 1 ? "1 place" : `${hits.length} places`;
    found.textContent = hits.length > MOST ? `${count}, the best ${MOST} are shown` : `${count} found`;
  };

  const close = () => {
    panel.classList.remove("open");
    places.replaceChildren();
    found.textContent = "";
  };

  const step = (by) => {
    const stops = [input, ...places.querySelectorAll("a")];
    const next = stops.indexOf(document.activeElement) + by;
    stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
  };

  form.hidden = false;
  input.addEventListener("focus", load);
  input.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    places.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      input.value = "";
      close();
      input.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
})();
