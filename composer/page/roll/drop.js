// @ts-check
// A file dropped on the roll is handed to the upload button, which knows what to do with it.
import { handToUpload } from "../gradio.js";

/** @param {HTMLElement} scroller */
export function heedDrops(scroller) {
  scroller.addEventListener("dragover", event => event.preventDefault());
  scroller.addEventListener("drop", event => {
    const file = event.dataTransfer?.files[0];
    if (file && handToUpload(file, "#seed-row")) event.preventDefault();
  });
}
