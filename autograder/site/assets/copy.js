"use strict";

// A button on each piece of code that copies it.
(() => {
  const SHOWN = 2000; // milliseconds for which the button says what happened

  const said = document.createElement("span"); // read out, as a button's new text is not
  said.className = "unseen";
  said.setAttribute("aria-live", "polite");
  document.body.append(said);

  // The clipboard is for pages by https, from this machine or from disk; elsewhere a selection can be copied.
  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      const copied = document.execCommand("copy");
      getSelection().removeAllRanges();
      return copied;
    }
  };

  const say = (button, text) => {
    said.textContent = text;
    button.textContent = text;
    setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, SHOWN);
  };

  for (const frame of document.querySelectorAll(".framed")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const code = frame.querySelector("code");
    button.addEventListener("click", async () => say(button, (await copy(code)) ? "Copied" : "Not copied"));
    frame.append(button);
  }
})();
