// What goes with every event that a component triggers, and with every question that is asked between presses.
import type { BarChoice, Base, Extension, FileOrder, Hearing, Link, Redoing, Sheet, TuneName } from "./wire.js";

type Traits = { likes: number[][]; dislikes: number[][] };

export interface Events {
  back: { name: string };
  bring: TuneName;
  change_take: Hearing;
  choose: BarChoice | null;
  edit: undefined;
  extend: Extension;
  into: Base;
  listen: undefined;
  look: Record<string, never>;
  open: Link;
  redo: Redoing;
  use: Base;
}

export interface Questions {
  file: FileOrder;
  hear: Base;
  link: Base;
  notation: Sheet;
  order: { taste: Traits; takes: { id: string; traits?: number[] }[] };
  pages: Hearing;
  plane: Base;
  sound: Hearing;
  spoken: Base;
  suggest: { taste: Traits };
  tune_sound: TuneName;
}
