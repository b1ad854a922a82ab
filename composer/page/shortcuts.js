// @ts-check
// Keyboard shortcuts: one list for the whole page, what they do anywhere, and the sheet behind "?".
//
//     addShortcuts("On the roll", [["Ctrl+Z", "Undo"], …])        tells of keys that somebody else listens to
//     addShortcuts("Anywhere", [["C", "Compose", () => …], …])    and runs them, but not while one types
import { around, find, make } from "./elements.js";
import { container } from "./gradio.js";

/** @typedef {[keys: string, does: string, run?: () => void]} Shortcut */

/** @type {Map<string, Map<string, { does: string, run?: () => void }>>} */
const groups = new Map();  // where → keys → what they do
const OFF = "motif-no-shortcuts";
const TYPED_IN = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], [role=application], dialog";
/** @type {HTMLDialogElement | null} */
let sheet = null;
/** @type {Element | null} */
let before = null;  // what had the focus

/**
 * @param {string} where
 * @param {Shortcut[]} entries
 */
export function addShortcuts(where, entries) {
  const group = groups.get(where) ?? new Map();
  groups.set(where, group);
  for (const [keys, does, run] of entries) group.set(keys, { does, run });
}

/** @param {string} keys */
function keyed(keys) {
  const rows = make("span", { translate: false });
  for (const key of keys.split(" ")) rows.append(make(key === "–" || key === "/" ? "span" : "kbd", { textContent: key }), " ");
  return rows;
}

/** @param {[string, Map<string, { does: string }>]} group */
function section([where, entries]) {
  const rows = [...entries].map(([keys, { does }]) =>
    make("div", {}, make("dt", {}, keyed(keys)), make("dd", { textContent: does })));
  return make("section", {}, make("h3", { textContent: where }), make("dl", {}, ...rows));
}

function made() {
  const close = make("button", { type: "button", textContent: "Close" });
  const head = make("header", {}, make("h2", { textContent: "Keyboard shortcuts" }), close);
  const dialog = make("dialog", { id: "shortcuts" }, head, make("div"), switched());
  dialog.setAttribute("aria-label", "Keyboard shortcuts");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { if (before instanceof HTMLElement) before.focus(); });
  container().append(dialog);
  return dialog;
}

// Who speaks to the computer, or types by accident, can do without keys that act alone.
function switched() {
  const box = make("input", { type: "checkbox", checked: localStorage.getItem(OFF) === null });
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  return make("label", {}, box, " ", "Single letters are shortcuts anywhere on the page");
}

function open() {
  sheet ??= made();
  before = document.activeElement;
  find(sheet, "div").replaceChildren(...[...groups].map(section));
  sheet.showModal();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?" && !around(event, "input, textarea, dialog")) {
    event.preventDefault();
    open();
    return;
  }
  if (around(event, TYPED_IN) || event.repeat || localStorage.getItem(OFF) !== null) return;
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const run = [...groups.values()].map(entries => entries.get(key)?.run).find(Boolean);
  if (!run) return;
  event.preventDefault();
  run();
}

/** From now on, on the whole page. */
export function heedShortcuts() {
  /** @param {string} selector */
  const press = selector => () => document.querySelector(/** @type {"button"} */ (selector))?.click();
  addShortcuts("Anywhere", [
    ["?", "Show this sheet", open], ["Esc", "Close it"], ["C", "Compose", press("#compose")], ["S", "Stop", press("#stop")],
    ["P", "Play or pause the take", press("#roll .play")],
  ]);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", event => { if (around(event, "[data-shortcuts]")) open(); });
}
