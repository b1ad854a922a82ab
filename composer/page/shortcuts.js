// Keyboard shortcuts: one list for the whole page, what they do anywhere, and the sheet behind "?".
//
//     motif.shortcuts.add("On the roll", [["Ctrl+Z", "Undo"], …])        tells of keys that somebody else listens to
//     motif.shortcuts.add("Anywhere", [["C", "Compose", () => …], …])    and runs them, but not while one types
window.motif.shortcuts = (() => {
  const groups = new Map();     // where → Map(keys → { does, run })
  const OFF = "motif-no-shortcuts";
  let sheet = null, before = null;

  function add(where, entries) {
    if (!groups.has(where)) groups.set(where, new Map());
    for (const [keys, does, run] of entries) groups.get(where).set(keys, { does, run });
  }

  const typing = target => target.closest?.("input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], [role=application], dialog");

  function keyed(keys) {
    const rows = document.createElement("span");
    rows.translate = false;
    keys.split(" ").forEach(key => {
      const cap = document.createElement(key === "–" || key === "/" ? "span" : "kbd");
      cap.textContent = key;
      rows.append(cap, " ");
    });
    return rows;
  }

  function section([where, entries]) {
    const part = document.createElement("section"), title = document.createElement("h3"), list = document.createElement("dl");
    title.textContent = where;
    for (const [keys, { does }] of entries) {
      const row = document.createElement("div"), what = document.createElement("dd"), cap = document.createElement("dt");
      cap.append(keyed(keys));
      what.textContent = does;
      row.append(cap, what);
      list.append(row);
    }
    part.append(title, list);
    return part;
  }

  function made() {
    const dialog = document.createElement("dialog"), head = document.createElement("header");
    const title = document.createElement("h2"), close = document.createElement("button"), body = document.createElement("div");
    dialog.id = "shortcuts";
    dialog.setAttribute("aria-label", "Keyboard shortcuts");
    title.textContent = "Keyboard shortcuts";
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => before?.focus());
    head.append(title, close);
    dialog.append(head, body, switched());
    document.querySelector(".gradio-container").append(dialog);
    return dialog;
  }

  // Who speaks to the computer, or types by accident, can do without keys that act alone.
  function switched() {
    const label = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    box.checked = localStorage.getItem(OFF) === null;
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    label.append(box, " ", "Single letters are shortcuts anywhere on the page");
    return label;
  }

  function open() {
    sheet ??= made();
    before = document.activeElement;
    sheet.querySelector("div").replaceChildren(...[...groups].map(section));
    sheet.showModal();
  }

  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?" && !event.target.closest?.("input, textarea, dialog")) {
      event.preventDefault();
      open();
      return;
    }
    if (typing(event.target) || event.repeat || localStorage.getItem(OFF) !== null) return;
    const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
    for (const entries of groups.values()) {
      const found = entries.get(key);
      if (!found?.run) continue;
      event.preventDefault();
      found.run();
      return;
    }
  });
  document.addEventListener("click", event => { if (event.target.closest?.("[data-shortcuts]")) open(); });
  const press = selector => () => document.querySelector(selector)?.click();
  add("Anywhere", [
    ["?", "Show this sheet", open], ["Esc", "Close it"], ["C", "Compose", press("#compose")], ["S", "Stop", press("#stop")],
    ["P", "Play or pause the take", press("#roll .play")],
  ]);
  return { add, open };
})();
