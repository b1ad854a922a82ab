// @ts-check
// The chances of a decision, worked out from its logits as the server does: softmax at a temperature, the mask, top-p.

const COLDEST = 1e-4;   // stands for temperature 0
const STAGES = ["As the network says", "At this temperature", "What the masks leave", "What top-p keeps"];

/** Whole numbers of 16 bits, or bytes, from base64. */
function bytesOf(packed) {
  return Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
}
function logitsOf(packed) {
  return Array.from(new Int16Array(bytesOf(packed).buffer), value => value / 256);
}

function softmax(logits, temperature) {
  const heated = logits.map(logit => logit / Math.max(COLDEST, temperature)), most = Math.max(...heated);
  const shares = heated.map(value => Math.exp(value - most)), sum = shares.reduce((a, b) => a + b, 0);
  return shares.map(share => share / sum);
}

/** The fewest likeliest values with a share of `topP`, renormalised. */
function keepTopP(shares, topP) {
  if (topP >= 1) return shares;
  const order = shares.map((_, value) => value).sort((a, b) => shares[b] - shares[a]), kept = shares.map(() => 0);
  let together = 0;
  for (const value of order) {
    kept[value] = shares[value];
    together += shares[value];
    if (together >= topP) break;
  }
  return kept.map(share => share / together);
}

/** The four stages of a decision, each of which sums to one. */
function stagesOf(decided, temperature, topP) {
  const logits = logitsOf(decided.logits), open = logits.map(() => false);
  for (const [first, last] of decided.left) for (let value = first; value <= last; value++) open[value] = true;
  const left = open.flatMap((isOpen, value) => isOpen ? [value] : []);
  const masked = logits.map(() => 0), heated = softmax(left.map(value => logits[value]), temperature);
  left.forEach((value, place) => { masked[value] = heated[place]; });
  return { stages: [softmax(logits, 1), softmax(logits, temperature), masked, keepTopP(masked, topP)], open };
}
