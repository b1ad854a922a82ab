// @ts-check
// Says the page in the visitor's language. English is what the code speaks; `TABLES` hold, for every other language,
// what to say instead: whole sentences, or patterns such as "{0} bars" whose parts are said in their turn.
// Whatever writes text anywhere on the page needs no thought of it: text and labels are turned where they appear, and
// back again when the language changes, so that nothing a visitor did is lost. `translate="no"` marks names.
// What is drawn on a canvas asks `say` (`say.js`), and draws anew on the document's event `motif:language`.
// It stands in the page's head and is no module: it must run before anything is shown.
window.motif = /** @type {Window["motif"]} */ ((() => {
  /** @typedef {{ source: string, shown: string | null }} Said */
  /** @typedef {{ form: RegExp, order: number[], answer: string, weight: number }} Pattern */
  const KEPT = "motif-language";
  const ATTRIBUTES = ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"];
  const SILENT = "script, style, textarea, code, pre, [translate=no], [contenteditable]";
  /** @type {WeakMap<Node, Said>} */
  const texts = new WeakMap();       // text node → { source, shown }
  /** @type {WeakMap<Element, Map<string, Said>>} */
  const attributes = new WeakMap();  // element → Map(attribute → { source, shown })
  /** @type {Set<string>} */
  const missing = new Set();         // what has no entry in the language spoken: the tests ask
  const patterns = Object.fromEntries(Object.entries(TABLES).map(([name, table]) => [name, compiled(table)]));
  let language = first();
  /** @type {string | null} */
  let title = null;

  function first() {
    const wanted = [localStorage.getItem(KEPT) ?? "", ...navigator.languages];
    return wanted.map(name => name.slice(0, 2).toLowerCase()).find(name => name in TABLES) || "en";
  }

  /**
   * Patterns from the one that says most itself to the one that says least.
   * @param {Record<string, string>} table
   * @returns {Pattern[]}
   */
  function compiled(table) {
    /** @param {string} text */
    const plain = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return Object.keys(table).filter(key => key.includes("{0}")).map(key => ({
      form: new RegExp(`^${key.split(/\{\d\}/).map(plain).join("(.*?)")}$`, "s"),
      order: [...key.matchAll(/\{(\d)\}/g)].map(found => Number(found[1])),
      answer: table[key],
      weight: key.replace(/\{\d\}/g, "").length,
    })).sort((one, other) => other.weight - one.weight);
  }

  /**
   * The text in the language spoken; null where the table has nothing for it.
   * @param {string} text
   * @returns {string | null}
   */
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
  /** @type {(answer: string, partOf: (slot: number) => string) => string} */
  const filled = (answer, partOf) => answer.replace(/\{(\d)(?:\*(\d+))?\}/g, (_, slot, times) => {
    const part = partOf(Number(slot));
    return times ? String(Math.round(Number(part) * Number(times))) : said(part);
  });

  /** @param {string[]} parts @param {string} mark */
  function joined(parts, mark) {
    const all = parts.map(lookUp);  // a name beside words that are known stays as it is
    return all.every(part => part === null) ? null : all.map((part, n) => part ?? parts[n]).join(mark);
  }

  // A value in a sentence: as a whole where the table has it, else a list whose members are said one by one.
  /** @type {(part: string) => string} */
  const said = part => lookUp(part) ?? part.split(", ").map(piece => lookUp(piece) ?? piece).join(", ");

  /** @param {string} text */
  function say(text) {
    const [, before, words, after] = /** @type {RegExpExecArray} */ (/^(\s*)(.*?)(\s*)$/s.exec(text));
    const answer = lookUp(words);
    if (answer === null && language !== "en") missing.add(words);
    return answer === null ? text : before + answer + after;
  }

  /** @param {Text} node */
  function turnText(node) {
    const known = texts.get(node);
    const source = known && known.shown === node.data ? known.source : node.data;
    if (!source.trim() || node.parentElement?.closest(SILENT)) return;
    const shown = say(source);
    texts.set(node, { source, shown });
    if (node.data !== shown) node.data = shown;
  }

  /** @param {Element} element @param {string} name */
  function turnAttribute(element, name) {
    const value = element.getAttribute(name);
    if (!value || element.closest("[translate=no]")) return;
    const held = attributes.get(element) ?? new Map();
    attributes.set(element, held);
    const known = held.get(name);
    const source = known && known.shown === value ? known.source : value;
    const shown = say(source);
    held.set(name, { source, shown });
    if (value !== shown) element.setAttribute(name, shown);
  }

  // A menu shows its choice in a field: the page reads and writes English there, the visitor sees their language.
  const native = /** @type {{ get: () => string, set: (value: string) => void }} */ (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value"));
  /** @param {HTMLInputElement} field */
  function turnField(field) {
    const known = texts.get(field);
    if (known) { field.value = known.source; return; }
    /** @type {Said} */
    const state = { source: field.value, shown: null };
    texts.set(field, state);
    Object.defineProperty(field, "value", {
      get() { const value = native.get.call(field); return value === state.shown ? state.source : value; },
      set(value) { state.source = value; state.shown = say(value); native.set.call(field, state.shown); },
    });
    field.addEventListener("input", () => { state.source = state.shown = native.get.call(field); });
    field.value = state.source;
  }

  /** @param {Node} root */
  function turn(root) {
    if (root instanceof Text) { turnText(root); return; }
    if (!(root instanceof Element) || root.matches("script, style")) return;
    for (const element of [root, ...root.querySelectorAll("*")]) {
      for (const name of ATTRIBUTES) if (element.hasAttribute(name)) turnAttribute(element, name);
      if (element instanceof HTMLInputElement && element.matches("[role=combobox]") && !element.closest("[translate=no]")) turnField(element);
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) turnText(/** @type {Text} */ (node));
  }

  function watch() {
    new MutationObserver(changes => {
      for (const change of changes) {
        const { target } = change;
        if (target instanceof Text) turnText(target);
        else if (change.type === "attributes" && target instanceof Element) turnAttribute(target, change.attributeName ?? "");
        else change.addedNodes.forEach(turn);
      }
    }).observe(document.documentElement, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
    });
  }

  /** @type {() => NodeListOf<HTMLElement>} */
  const buttons = () => document.querySelectorAll("[data-language]");

  /** @param {string} name */
  function speak(name) {
    language = name;
    missing.clear();
    document.documentElement.lang = name === "zh" ? "zh-Hans" : name;
    title ??= document.title;
    document.title = say(title);
    turn(document.documentElement);
    for (const button of buttons()) {
      button.setAttribute("aria-pressed", String(button.dataset.language === name));
    }
    document.dispatchEvent(new CustomEvent("motif:language", { detail: name }));
  }

  document.addEventListener("click", event => {
    const button = [...buttons()].find(each => event.target instanceof Node && each.contains(event.target));
    const name = button?.dataset.language;
    if (!name) return;
    localStorage.setItem(KEPT, name);
    speak(name);
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
})());
