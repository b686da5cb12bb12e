"use strict";

// What was read, and where the reader is, for each notebook: kept in this browser alone, and shown where it may.
(() => {
  const KEY = `progress ${new URL(".", location).pathname}`; // one host may have many courses

  // What is stored may be of another version of this site, or be changed by hand.
  const load = () => {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY));
      return stored && typeof stored === "object" ? stored : {};
    } catch {
      return {};
    }
  };

  // Whether a browser stores anything, which it may refuse for a page on disk or in private mode.
  const store = (progress) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(progress));
      return true;
    } catch {
      return false;
    }
  };

  const change = (name, entry) => {
    const progress = load();
    store({ ...progress, [name]: { ...progress[name], ...entry } });
    show();
  };

  // Names are those of this page's own markup, so that only places that exist are shown.
  const showRead = (progress) => {
    for (const item of document.querySelectorAll("[data-page]")) {
      const link = item.querySelector("a");
      const isRead = progress[item.dataset.page]?.read === true;
      link?.querySelector(".read")?.remove();
      if (!link || !isRead) continue;
      const mark = document.createElement("span");
      const word = document.createElement("span");
      mark.className = "read";
      word.className = "unseen";
      word.textContent = " read";
      mark.append(" ✓", word);
      link.append(mark);
    }
  };

  const showPlaces = (progress) => {
    for (const place of document.querySelectorAll(".place")) {
      const { page } = place.parentElement.dataset;
      const { anchor, title, read } = progress[page] ?? {};
      place.hidden = !anchor || !title || read === true;
      if (place.hidden) continue;
      const link = document.createElement("a");
      link.href = `${page}.html#${encodeURIComponent(anchor)}`;
      link.textContent = title;
      place.replaceChildren("You were at ", link);
    }
  };

  const overall = document.getElementById("page-progress");
  const button = document.querySelector("#page-read button");

  const showOverall = (progress) => {
    const names = [...document.querySelectorAll(".notebooks > li")].map((item) => item.dataset.page);
    const count = names.filter((name) => progress[name]?.read === true).length;
    overall.hidden = !names.some((name) => progress[name]);
    overall.firstElementChild.textContent = `You have read ${count} of ${names.length} notebooks. Only this browser keeps that.`;
  };

  const show = () => {
    const progress = load();
    showRead(progress);
    showPlaces(progress);
    if (overall) showOverall(progress);
    button?.setAttribute("aria-pressed", String(progress[button.parentElement.dataset.page]?.read === true));
  };

  if (!store(load())) return;
  if (button) {
    const { page } = button.parentElement.dataset;
    button.parentElement.hidden = false;
    button.addEventListener("click", () => change(page, { read: button.getAttribute("aria-pressed") !== "true" }));
    document.addEventListener("section", ({ detail: link }) => {
      change(page, { anchor: decodeURIComponent(link.hash.slice(1)), title: link.textContent });
    });
  }
  overall?.querySelector("button").addEventListener("click", () => {
    store({});
    show();
    document.getElementById("page-main").focus();
  });
  addEventListener("storage", show); // another tab
  addEventListener("pageshow", show); // back from another page
  show();
})();
