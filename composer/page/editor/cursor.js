// @ts-check
// The cursor of the keyboard: one grid cell.

export class Cursor {
  tick = 0;
  pitch = 67;

  /**
   * @param {number} tick
   * @param {number} [pitch]
   */
  moveTo(tick, pitch = this.pitch) {
    this.tick = tick;
    this.pitch = pitch;
  }
}
