// What stands on `window`: put there by the page's head (`words/language.js`, `modules.py`), before any module runs.
interface Window {
  motif: {
    /** Text in the visitor's language. */
    say(text: string): string;
    /** What has no entry in the language spoken: the tests ask. */
    missing: Set<string>;
    readonly language: string;
    /** The page's modules, as they come. */
    modules: Promise<typeof import("./page.js")>;
    /** Whether a link brought a take: then Python brings nothing of its own. */
    linked?: boolean;
  };
}

/** What is said instead of English, by language: around `words/language.js`, which is no module, and nowhere else. */
declare const TABLES: Record<string, Record<string, string>>;
