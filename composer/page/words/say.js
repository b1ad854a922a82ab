// @ts-check
// Text in the visitor's language, for what is drawn on a canvas; all else is turned where it appears (`language.js`).

/**
 * @param {string} text in English
 * @returns {string}
 */
export const say = text => window.motif.say(text);
