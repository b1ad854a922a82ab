// Says the page in the visitor's language. English is what the code speaks; `TABLES` hold, for every other language,
// what to say instead: whole sentences, or patterns such as "{0} bars" whose parts are said in their turn.
// Whatever writes text anywhere on the page needs no thought of it: text and labels are turned where they appear, and
// back again when the language changes, so that nothing a visitor did is lost. `translate="no"` marks names.
// What is drawn on a canvas asks `motif.say`, and draws anew on the document's event `motif:language`.
window.motif = (() => {
  const KEPT = "motif-language";
  const ATTRIBUTES = ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"];
  const SILENT = "script, style, textarea, code, pre, [translate=no], [contenteditable]";
  const texts = new WeakMap();       // text node → { source, shown }
  const attributes = new WeakMap();  // element → Map(attribute → { source, shown })
  const missing = new Set();         // what has no entry in the language spoken: the tests ask
  const patterns = Object.fromEntries(Object.entries(TABLES).map(([name, table]) => [name, compiled(table)]));
  let language = first();
  let title = null;

  function first() {
    const wanted = [localStorage.getItem(KEPT), ...navigator.languages].filter(Boolean);
    return wanted.map(name => name.slice(0, 2).toLowerCase()).find(name => name in TABLES) || "en";
  }

  // Patterns from the one that says most itself to the one that says least.
  function compiled(table) {
    const plain = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return Object.keys(table).filter(key => key.includes("{0}")).map(key => ({
      form: new RegExp(`^${key.split(/\{\d\}/).map(plain).join("(.*?)")}$`, "s"),
      order: [...key.matchAll(/\{(\d)\}/g)].map(found => Number(found[1])),
      answer: table[key],
      weight: key.replace(/\{\d\}/g, "").length,
    })).sort((one, other) => other.weight - one.weight);
  }

  // The text in the language spoken; null where the table has nothing for it.
  function lookUp(text) {
    if (!/[A-Za-z]{2}/.test(text) || (language === "zh" && /\p{Script=Han}/u.test(text))) return text;
    const table = TABLES[language];
    if (Object.hasOwn(table, text)) return table[text];
    for (const mark of ["\n", " · "]) {
      if (text.includes(mark)) return joined(text.split(mark), mark);
    }
    for (const { form, order, answer } of patterns[language]) {
      const found = form.exec(text);
      if (found) return filled(answer, slot => found[1 + order.indexOf(slot)]);
    }
    const sentences = text.split(/(?<=[.!?]) (?=[A-Z])/);
    return sentences.length > 1 ? joined(sentences, "") : null;
  }

  // {0*100} is the number that stands there times a hundred: 5.9 million are 590 of ten thousand.
  const filled = (answer, partOf) => answer.replace(/\{(\d)(?:\*(\d+))?\}/g, (_, slot, times) => {
    const part = partOf(Number(slot));
    return times ? String(Math.round(Number(part) * Number(times))) : said(part);
  });

  function joined(parts, mark) {
    const all = parts.map(lookUp);  // a name beside words that are known stays as it is
    return all.every(part => part === null) ? null : all.map((part, n) => part ?? parts[n]).join(mark);
  }

  // A value in a sentence: as a whole where the table has it, else a list whose members are said one by one.
  const said = part => lookUp(part) ?? part.split(", ").map(piece => lookUp(piece) ?? piece).join(", ");

  function say(text) {
    const [, before, words, after] = /^(\s*)(.*?)(\s*)$/s.exec(text);
    const answer = lookUp(words);
    if (answer === null && language !== "en") missing.add(words);
    return answer === null ? text : before + answer + after;
  }

  function turnText(node) {
    const known = texts.get(node);
    const source = known && known.shown === node.data ? known.source : node.data;
    if (!source.trim() || node.parentElement?.closest(SILENT)) return;
    const shown = say(source);
    texts.set(node, { source, shown });
    if (node.data !== shown) node.data = shown;
  }

  function turnAttribute(element, name) {
    const value = element.getAttribute(name);
    if (!value || element.closest("[translate=no]")) return;
    if (!attributes.has(element)) attributes.set(element, new Map());
    const known = attributes.get(element).get(name);
    const source = known && known.shown === value ? known.source : value;
    const shown = say(source);
    attributes.get(element).set(name, { source, shown });
    if (value !== shown) element.setAttribute(name, shown);
  }

  // A menu shows its choice in a field: the page reads and writes English there, the visitor sees their language.
  const native = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  function turnField(field) {
    const known = texts.get(field);
    if (known) { field.value = known.source; return; }
    const state = { source: field.value, shown: null };
    texts.set(field, state);
    Object.defineProperty(field, "value", {
      get() { const value = native.get.call(field); return value === state.shown ? state.source : value; },
      set(value) { state.source = value; state.shown = say(value); native.set.call(field, state.shown); },
    });
    field.addEventListener("input", () => { state.source = state.shown = native.get.call(field); });
    field.value = state.source;
  }

  function turn(root) {
    if (root.nodeType === Node.TEXT_NODE) { turnText(root); return; }
    if (root.nodeType !== Node.ELEMENT_NODE || root.matches("script, style")) return;
    for (const element of [root, ...root.querySelectorAll("*")]) {
      for (const name of ATTRIBUTES) if (element.hasAttribute(name)) turnAttribute(element, name);
      if (element.matches("input[role=combobox]") && !element.closest("[translate=no]")) turnField(element);
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) turnText(node);
  }

  function watch() {
    new MutationObserver(changes => {
      for (const change of changes) {
        if (change.type === "characterData") turnText(change.target);
        else if (change.type === "attributes") turnAttribute(change.target, change.attributeName);
        else change.addedNodes.forEach(turn);
      }
    }).observe(document.documentElement, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
    });
  }

  function speak(name) {
    language = name;
    missing.clear();
    document.documentElement.lang = { zh: "zh-Hans" }[name] || name;
    title ??= document.title;
    document.title = say(title);
    turn(document.documentElement);
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", button.dataset.language === name);
    }
    document.dispatchEvent(new CustomEvent("motif:language", { detail: name }));
  }

  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-language]");
    if (!button) return;
    localStorage.setItem(KEPT, button.dataset.language);
    speak(button.dataset.language);
  });
  watch();
  document.addEventListener("DOMContentLoaded", () => speak(language));
  // The header with its buttons comes later than the document: mark the language in force when it is there.
  new MutationObserver((_, observer) => {
    if (!document.querySelector("[data-language]")) return;
    observer.disconnect();
    speak(language);
  }).observe(document.documentElement, { subtree: true, childList: true });
  return { say, missing, get language() { return language; } };
})();
