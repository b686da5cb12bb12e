"use strict";

// A figure's link leads to its file. Here it opens over the page instead: as large as the window allows, and on a
// narrow one at its own size, to be moved about.
(() => {
  const MARGIN = 0.92; // of the window that a figure may fill
  const dialog = document.createElement("dialog");
  const button = document.createElement("button");
  const frame = document.createElement("div");
  const image = document.createElement("img");
  dialog.className = "zoomed";
  dialog.setAttribute("aria-label", "Figure, enlarged");
  button.type = "button";
  button.textContent = "Close";
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Figure");
  frame.append(image);
  dialog.append(button, frame);
  dialog.addEventListener("click", () => dialog.close());

  const open = (shown) => {
    const [width, height] = [Number(shown.getAttribute("width")), Number(shown.getAttribute("height"))];
    const fitting = Math.min((innerWidth * MARGIN) / width, (innerHeight * MARGIN - 40) / height);
    image.src = shown.src;
    image.alt = shown.alt;
    image.width = Math.round(width * Math.max(1, fitting));
    dialog.showModal();
    frame.focus();
  };

  document.body.append(dialog);
  for (const link of document.querySelectorAll("a.zoom")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into another tab or window
      event.preventDefault();
      open(link.querySelector("img"));
    });
  }
})();
