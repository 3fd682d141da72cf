// Works beside the page: finds the number with which the SHA-256 of the challenge begins with so many zero bits.
const bytes = new TextEncoder();

async function zeros(text) {
  const [first, second] = new Uint32Array(await crypto.subtle.digest("SHA-256", bytes.encode(text)).then(bigEndian));
  return Math.clz32(first) === 32 ? 32 + Math.clz32(second) : Math.clz32(first);
}

/** The words of a digest in the order of this machine. */
function bigEndian(digest) {
  const view = new DataView(digest);
  return [view.getUint32(0), view.getUint32(4)];
}

onmessage = async ({ data: { challenge, bits } }) => {
  let number = 0;
  while ((await zeros(`${challenge}:${number}`)) < bits) number += 1;
  postMessage(number);
};
