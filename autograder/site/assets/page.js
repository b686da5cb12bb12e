"use strict";

// What fits needs no stop of the Tab key. A folded part is measured when it opens.
const measured = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".scroll").forEach((part) => measured.observe(part));

// On a narrow page the menu stands above the text: folded, so that the text is in sight.
const menu = document.querySelector(".menu");
const wide = matchMedia("(min-width: 70rem)");
const fold = () => { menu.firstElementChild.open = wide.matches; };
wide.addEventListener("change", fold);
fold();

// The menu marks the section at the top of the window, and tells the other scripts.
(() => {
  const BELOW = 100; // pixels from the top of the window at which a section counts as begun
  const links = [...menu.querySelectorAll(".sections a")];
  const headings = links.map((link) => document.getElementById(link.hash.slice(1)));
  let marked = null;

  const current = () => {
    if (scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 2) return links.at(-1);
    return links[headings.findLastIndex((heading) => heading.getBoundingClientRect().top <= BELOW)];
  };

  // Only the menu is scrolled: scrollIntoView would scroll the page as well.
  const show = (link) => {
    const [place, window] = [link.getBoundingClientRect(), menu.getBoundingClientRect()];
    if (place.top < window.top) menu.scrollTop -= window.top - place.top + 40;
    if (place.bottom > window.bottom) menu.scrollTop += place.bottom - window.bottom + 40;
  };

  const mark = () => {
    const link = current();
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    marked = link;
    if (!link) return;
    if (wide.matches) show(link);
    document.dispatchEvent(new CustomEvent("section", { detail: link }));
  };

  let waits = false;
  addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; mark(); });
  }, { passive: true });
  mark();
  // The page that one is on is in sight in a long menu.
  if (wide.matches && !marked) show(menu.querySelector("[aria-current=page]"));
})();

// On paper nothing can be unfolded. Where the style sheet cannot open a folded part, this does.
(() => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
