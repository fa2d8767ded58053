// A worker: the first number n for which the SHA-256 of "seed:n" begins with so many zero bits (at most 32). Written out, since pages over plain
// HTTP have no crypto.subtle. Seed and number fit into one block of 64 bytes.
"use strict";
const fraction = (x) => (x - Math.floor(x)) * 4294967296 >>> 0;
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const START = new Uint32Array(primes.slice(0, 8).map((p) => fraction(Math.sqrt(p))));
const ROUND = new Uint32Array(primes.map((p) => fraction(Math.cbrt(p))));
const w = new Uint32Array(64);

// The first 32 bits of the hash of the block in w[0] to w[15].
const first = () => {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let a = START[0], b = START[1], c = START[2], d = START[3], e = START[4], f = START[5], g = START[6], h = START[7];
  for (let i = 0; i < 64; i++) {
    const s = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + ROUND[i] + w[i] | 0;
    const t = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + s | 0; d = c; c = b; b = a; a = s + t | 0;
  }
  return START[0] + a >>> 0;
};

const solve = (seed, bits) => {
  for (let n = 0; ; n++) {
    const text = seed + ":" + n;
    w.fill(0, 0, 16);
    for (let i = 0; i < text.length; i++) w[i >> 2] |= text.charCodeAt(i) << 24 - (i & 3) * 8;
    w[text.length >> 2] |= 0x80 << 24 - (text.length & 3) * 8;
    w[15] = text.length * 8;
    if (first() >>> 32 - bits === 0) return n;
  }
};

self.onmessage = (event) => self.postMessage(solve(...event.data));
