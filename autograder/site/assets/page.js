"use strict";

// What fits needs no stop of the Tab key. A folded part is measured when it opens.
const measured = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".scroll").forEach((part) => measured.observe(part));

// On a narrow page the contents stand above the text: folded, so that the text is in sight.
const contents = document.querySelector(".contents details");
if (contents) {
  const wide = matchMedia("(min-width: 70rem)");
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();
}
