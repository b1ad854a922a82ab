// @ts-check
// What of Gradio's inner workings the page leans on, each with a test in tests/page/test_gradio.py.
//
// - A component's code gets `element`, `props`, `trigger`, `watch` and `server`, once for each time it is shown; nothing
//   tells it of its end.
// - `window.gradio_config` holds the address of the server, the prefix of its own routes and the number of its run.
// - The upload button is an `<input type=file>` that heeds a `change` event.
// - A group of radios is a `.wrap` right under its component's element, its label carries `data-testid="block-info"`, and
//   every radio is drawn with a name of its own.
// - The page stands in `.gradio-container`, under which alone its colours and sizes are set.
//
// Two more stand where nothing can be imported: that a menu shows its choice in an `<input role=combobox>` whose `value`
// Gradio reads and writes (`words/language.js`), and the classes that `page.css` names.
import { find } from "./elements.js";

/** @typedef {import("./wire/crossing.js").Events} Events */
/** @typedef {<E extends keyof Events>(event: E, ...data: Events[E] extends undefined ? [] : [Events[E]]) => void} Trigger */
/**
 * What Gradio gives the code of a component.
 * @typedef {object} Given
 * @property {HTMLElement} element
 * @property {Record<string, any>} props what Python set, and `value`; assigning tells Python
 * @property {Trigger} trigger
 * @property {(names: string | string[], then: () => void) => void} watch
 * @property {Record<string, (request: unknown) => Promise<any>>} server
 */

/**
 * The same, with a signal that ends what listens beyond the element.
 * @typedef {Given & { signal: AbortSignal }} Host
 */

/** @type {Map<HTMLElement, AbortController>} */
const shown = new Map();
/** @type {MutationObserver | undefined} */
let leaving;  // of elements from the document

/**
 * A component's host: its signal is aborted when its element has left the document.
 * @param {Given} given
 * @returns {Host}
 */
export function hostOf(given) {
  const controller = new AbortController();
  leaving ??= new MutationObserver(endWhatLeft);
  leaving.observe(document.documentElement, { subtree: true, childList: true });
  shown.set(given.element, controller);
  return { ...given, signal: controller.signal };
}

function endWhatLeft() {
  for (const [element, controller] of shown) {
    if (element.isConnected) continue;
    shown.delete(element);
    controller.abort();
  }
}

/** @returns {{ root: string, api_prefix: string, app_id: number | string }} */
const config = () => /** @type {any} */ (window).gradio_config;

/** @param {string} route */
const routeOf = route => `${config().root}${config().api_prefix}/${route}`;

/**
 * Where a file of the server is heard or downloaded.
 * @param {string} path
 */
export const addressOf = path => routeOf(`file=${path}`);

/**
 * The number of the server's run, asked of it now; null where it does not answer.
 * @param {number} within milliseconds
 * @returns {Promise<string | null>}
 */
export async function runNow(within) {
  try {
    const answer = await fetch(routeOf("app_id"), { signal: AbortSignal.timeout(within), cache: "no-store" });
    return answer.ok ? String((await answer.json()).app_id) : null;
  } catch {
    return null;
  }
}

/** The number of the run that this page came from. */
export const runOfPage = () => String(config().app_id);

/**
 * Hand a file to the upload button that a selector names; false where there is none.
 * @param {File} file
 * @param {string} selector
 */
export function handToUpload(file, selector) {
  const input = document.querySelector(`${selector} input[type=file]`);
  if (!(input instanceof HTMLInputElement)) return false;
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

/** What the page stands in. */
export const container = () => find(document, ".gradio-container");

/**
 * The radios of a component, what they stand in and their label; null where they are not drawn yet.
 * @param {string} id
 */
export function radioGroup(id) {
  const group = document.querySelector(`#${id} > .wrap:has(input[type=radio])`);
  const title = document.querySelector(`#${id} [data-testid="block-info"]`);
  if (!group) return null;
  const radios = [...group.querySelectorAll("input")].filter(input => input.type === "radio");
  return { group, title, radios };
}
