// @ts-check
// Elements: made with their properties, data and children; and found, of the kind that is expected.

/**
 * An element with its properties, its data and what it holds.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [settings] properties, and under `data` the element's dataset
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, settings = {}, ...children) {
  const { data, ...plain } = settings, made = Object.assign(document.createElement(tag), plain);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/**
 * The element under `root` that a selector names. A component's HTML and its code stand side by side: where one lacks
 * what the other expects, that is a bug and said so.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`no ${kind?.name ?? "element"} at "${selector}"`);
  return /** @type {E} */ (/** @type {unknown} */ (found));
}

/**
 * The element of that kind, at or around where an event happened, that a selector names.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function around(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement || found instanceof SVGElement ? /** @type {HTMLElement} */ (found) : null;
}
