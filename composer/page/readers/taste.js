// @ts-check
// The visitor's taste: what they said they like, and what not. It stands in this browser and nowhere else; a question
// to the server brings it along, as rows of traits, and the server forgets them with its answer.

/** @typedef {"likes" | "dislikes"} Side */
/** @typedef {{ key: string, traits: number[] }} Entry */

const KEPT_AS = "motif-likes", MOST = 80;  // of each side; the oldest makes way
/** @type {Side[]} */
const SIDES = ["likes", "dislikes"];
/** @type {(entry: any) => boolean} */
const sound = entry => entry && typeof entry.key === "string" && Array.isArray(entry.traits);
/**
 * @template T
 * @param {(side: Side) => T} made
 * @returns {Record<Side, T>}
 */
const ofBoth = made => ({ likes: made("likes"), dislikes: made("dislikes") });

/** @returns {Record<Side, Entry[]>} */
function read() {
  /** @type {any} */
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null"); } catch { kept = null; }
  return ofBoth(side => Array.isArray(kept?.[side]) ? kept[side].filter(sound) : []);
}

/** @param {Record<Side, Entry[]>} taste */
function write(taste) {
  try { localStorage.setItem(KEPT_AS, JSON.stringify(taste)); } catch { return; }
  document.dispatchEvent(new CustomEvent("motif:taste"));
}

/**
 * On which side a take or a tune stands; null where nothing was said of it.
 * @param {string} key
 */
export const sideOf = key => SIDES.find(name => read()[name].some(entry => entry.key === key)) ?? null;

/**
 * Put a take or a tune on a side, or on none.
 * @param {string} key
 * @param {number[] | null | undefined} traits
 * @param {Side | null} wanted
 */
export function putOn(key, traits, wanted) {
  const taste = read();
  for (const name of SIDES) taste[name] = taste[name].filter(entry => entry.key !== key);
  if (wanted && traits) taste[wanted] = [...taste[wanted], { key, traits }].slice(-MOST);
  write(taste);
}

export const forgetTaste = () => write({ likes: [], dislikes: [] });
export const tasteRows = () => ofBoth(side => read()[side].map(entry => entry.traits));
export const tasteCount = () => SIDES.map(side => read()[side].length);

/** From now on, tell the page of what another tab of the same browser said. */
export function heedOtherTabs() {
  window.addEventListener("storage", event => {
    if (event.key === KEPT_AS) document.dispatchEvent(new CustomEvent("motif:taste"));
  });
}
