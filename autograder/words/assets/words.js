"use strict";

// Points and comments by keyboard, mouse or screen reader. Each is saved when it is given; what is left is counted by
// the server, which is the only one that knows the gradebook.
(() => {
  const TRIES = 10, PAUSE = 2000; // a busy gradebook is asked again, so often and after so many milliseconds

  const all = [...document.querySelectorAll("article")];
  const at = (id) => document.getElementById(id);
  const filters = [...document.querySelectorAll("[data-filter]")];
  let current = null;
  let queue = Promise.resolve(); // one request after the other, in the order of the keys
  const saving = new Map(); // of a card whose requests have no answer yet: how many
  const unsaved = new Map(); // of a card that could not be saved: why

  const say = (text) => { at("said").textContent = text; };
  const fail = (text) => { at("failed").textContent = text; at("failed").hidden = !text; };
  const shown = () => all.filter((card) => !card.hidden);
  const needsSomebody = (card) => card.dataset.byHand !== "SETTLED" && !saving.has(card);
  const label = (card) => card.querySelector("h2").textContent;
  const field = (card) => card.querySelector(".points");
  const comment = (card) => card.querySelector("textarea");
  const most = () => Number(field(all[0]).max);

  // --- which answer, which list ---

  const select = (card, focus = true, scroll = focus) => {
    if (!card) return;
    if (current !== card) {
      current?.removeAttribute("aria-current");
      current = card;
      card.setAttribute("aria-current", "true");
    }
    if (focus) card.focus({ preventScroll: true });
    if (scroll) card.scrollIntoView({ block: "start" });
  };

  const move = (by) => {
    const cards = shown();
    const to = cards[cards.indexOf(current) + by];
    if (to) select(to); else say(by > 0 ? "This is the last answer here." : "This is the first answer here.");
  };

  const goOn = () => {
    const cards = shown();
    const from = cards.indexOf(current);
    select([...cards.slice(from + 1), ...cards.slice(0, from)].find(needsSomebody));
  };

  const show = (filter, focus = true) => {
    for (const button of filters) button.setAttribute("aria-pressed", button.dataset.filter === filter);
    for (const card of all) card.hidden = Boolean(filter) && card.dataset.byHand !== filter;
    at("none").hidden = shown().length > 0;
    current?.removeAttribute("aria-current");
    current = null;
    select(shown()[0], focus);
    const number = shown().length;
    say(number === 1 ? "One answer is shown." : `${number} answers are shown, the same ones together.`);
  };

  const nextFilter = () => {
    const now = filters.findIndex((button) => button.getAttribute("aria-pressed") === "true");
    show(filters[(now + 1) % filters.length].dataset.filter);
  };

  // --- saving ---

  const wait = () => new Promise((done) => setTimeout(done, PAUSE));

  const ask = async (what, body) => {
    for (let tries = 1; ; tries++) {
      let answer, said;
      try {
        const headers = { "Content-Type": "application/json" };
        answer = await fetch(what, { method: "POST", headers, body: JSON.stringify(body()) });
        said = await answer.json();
      } catch {
        throw new Error("Not saved: `autograder words` does not answer. Is it still running?");
      }
      if (answer.ok) return said;
      if (answer.status !== 503 || tries === TRIES) throw new Error(answer.status === 503 ? `Not saved: ${said.error} Close it, or press Enter later.` : said.error);
      fail(`Not saved yet: ${said.error} Trying again.`);
      await wait();
    }
  };

  const press = (card) => {
    const points = field(card).value === "" ? null : Number(field(card).value);
    for (const button of card.querySelectorAll("[data-points]")) {
      button.setAttribute("aria-pressed", points === Number(button.dataset.points));
    }
  };

  const isWritten = (card) => comment(card).value.trim() !== comment(card).defaultValue.trim();
  const isUnsaved = (card) => saving.has(card) || unsaved.has(card) || isWritten(card) || field(card).value !== field(card).defaultValue;

  const complain = (card, why) => {
    if (why) unsaved.set(card, why); else unsaved.delete(card);
    card.classList.toggle("unsaved", Boolean(why));
    fail([...unsaved].map(([one, reason]) => `${label(one)}: ${reason}`).join(" "));
  };

  const put = (said, card) => {
    card.dataset.grades = JSON.stringify(said.grades);
    card.dataset.byHand = said.by_hand;
    card.querySelector(".standing").textContent = said.standing;
    field(card).defaultValue = said.points === null ? "" : String(said.points);
    // What is given or written at this moment stays.
    if (!saving.has(card)) field(card).value = field(card).defaultValue;
    if (!isWritten(card) || comment(card).value.trim() === said.comment) comment(card).value = said.comment;
    comment(card).defaultValue = said.comment;
    press(card);
    card.classList.add("saved");
    at("tally").innerHTML = said.tally;
    const left = document.querySelector("nav [aria-current] span"); // a course's only question needs no way to others
    if (left) left.textContent = said.left.WAITING + said.left.AGAIN;
    for (const button of filters) {
      const count = button.querySelector(".count");
      if (count) count.textContent = said.left[button.dataset.filter];
    }
    complain(card, "");
    say(`${label(card)}: ${said.standing}.${shown().some(needsSomebody) ? "" : " Nothing in this list is left to grade."}`);
  };

  // Saves points, if any are named, and the comment, if it was changed. Resolves when that is done, or has failed.
  const save = (card, points) => {
    const given = {};
    if (points !== undefined) {
      if (!(points >= 0 && points <= most())) {
        say("");
        return fail(`Give from 0 to ${most()} points. Nothing was saved.`);
      }
      given.points = points;
      field(card).value = points;
      press(card);
    }
    if (isWritten(card)) given.comment = comment(card).value;
    saving.set(card, (saving.get(card) ?? 0) + 1);
    const body = () => ({ grades: JSON.parse(card.dataset.grades), ...given });
    const answered = () => { if (saving.get(card) > 1) saving.set(card, saving.get(card) - 1); else saving.delete(card); };
    queue = queue.then(() => ask("grade", body)).then(
      (said) => { answered(); put(said, card); },
      (error) => { answered(); say(""); complain(card, error.message); },
    );
    return queue;
  };

  // Goes on at once: the next key is meant for the next answer.
  const saveAndGoOn = (card) => {
    const text = field(card).value;
    if (field(card).validity.badInput) return fail("Points are a number. Nothing was saved.");
    if (text === "" && !isWritten(card)) return say("Give points first.");
    save(card, text === "" ? undefined : Number(text));
    if (saving.has(card) && text !== "") goOn();
  };

  const undo = () => {
    queue = queue.then(() => ask("undo", () => ({}))).then(
      (said) => {
        const grades = Object.keys(said.grades).sort().join();
        const card = all.find((one) => Object.keys(JSON.parse(one.dataset.grades)).sort().join() === grades);
        if (!card) return location.reload(); // those who had it then stand apart now
        comment(card).value = said.comment;
        put(said, card);
        card.hidden = false;
        card.classList.remove("saved");
        select(card);
        say(`Undone. ${label(card)}: ${said.standing}.`);
      },
      (error) => fail(error.message),
    );
  };

  // --- names, keys ---

  const toggleNames = () => {
    const on = at("names").getAttribute("aria-pressed") !== "true";
    at("names").setAttribute("aria-pressed", on);
    for (const names of document.querySelectorAll(".names")) names.hidden = !on;
    say(on ? "Names are shown." : "Names are hidden.");
  };

  const addHalf = (card) => save(card, Math.min(Number(field(card).value || 0) + 0.5, most()));

  const KEYS = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    ".": () => addHalf(current), ",": () => addHalf(current),
    Enter: () => saveAndGoOn(current),
    p: () => { field(current).focus(); field(current).select(); },
    c: () => comment(current).focus(),
    u: undo, f: nextFilter, n: toggleNames, "?": () => at("keys").showModal(),
  };
  const WITHOUT_ANSWER = new Set(["u", "f", "n", "?"]);

  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("article");
    const isField = event.target.matches?.("textarea, input[type=number]");
    if (at("keys").open || event.isComposing) return;
    if (isField && event.key === "Escape") { event.preventDefault(); return select(card); }
    if (isField && event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.matches("input"))) {
      event.preventDefault();
      select(card, true, false);
      return saveAndGoOn(card);
    }
    if (isField || event.ctrlKey || event.metaKey || event.altKey || !at("single").checked) return;
    if (event.key === "Enter" && event.target.closest?.("button, a, summary")) return; // it presses that
    if (event.key.startsWith("Arrow") && event.target.closest?.("aside, .scroll")) return; // it scrolls that
    const isDigit = /^[0-9]$/.test(event.key);
    const action = isDigit ? () => save(current, Number(event.key)) : KEYS[event.key];
    if (!action || (!current && !WITHOUT_ANSWER.has(event.key))) return;
    event.preventDefault();
    action();
  });

  // --- mouse and screen reader ---

  at("answers").addEventListener("focusin", (event) => select(event.target.closest("article"), false));
  at("answers").addEventListener("click", (event) => {
    const card = event.target.closest("article");
    const button = event.target.closest("button");
    if (!card) return;
    select(card, false);
    if (button?.matches(".save")) saveAndGoOn(card);
    else if (button) save(card, Number(button.dataset.points));
    // After a click, keys go on from the answer; who pressed the button by keyboard stays on it.
    if (button && event.detail > 0) card.focus({ preventScroll: true });
  });
  at("undo").addEventListener("click", undo);
  at("names").addEventListener("click", toggleNames);
  at("help").addEventListener("click", () => at("keys").showModal());
  at("close").addEventListener("click", () => at("keys").close());
  for (const button of filters) button.addEventListener("click", () => show(button.dataset.filter, false));

  addEventListener("beforeunload", (event) => { if (all.some(isUnsaved)) event.preventDefault(); });

  if (matchMedia("(max-width: 56rem)").matches) at("asked").open = false;
  const first = filters.find((button) => all.some((card) => card.dataset.byHand === button.dataset.filter));
  show(first?.dataset.filter ?? "", false);
  current?.focus({ preventScroll: true });
  say("Press ? for the keys.");
})();
