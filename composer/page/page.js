// @ts-check
// The page's code as a whole: what every component runs when it is shown, by name, and what goes on beside them. Gradio's
// components reach it through one promise (`composer/page/modules.py`), so that they begin in the order they are shown in.
import { mountEditor } from "./editor/editor.js";
import { tendRadios } from "./radios.js";
import { mountReaders } from "./readers/panel.js";
import { heedOtherTabs } from "./readers/taste.js";
import { mountRoll } from "./roll/roll.js";
import { heedShortcuts } from "./shortcuts.js";
import { soundOneAtATime } from "./sounding.js";
import { mountTakes } from "./takes/panel.js";
import { mountSpoken } from "./words/spoken.js";
import { mountTerms } from "./words/terms.js";
import { mountWords } from "./words/words.js";

soundOneAtATime();
tendRadios();
heedShortcuts();
heedOtherTabs();

export { mountEditor, mountReaders, mountRoll, mountSpoken, mountTakes, mountTerms, mountWords };
