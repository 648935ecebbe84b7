// SHA-256 (FIPS 180-4) that takes its input piece by piece, as crypto.subtle does not. All arithmetic is on 32-bit integers, which
// engines compile to machine instructions: some hundred megabytes a second.

const primes = [];
for (let n = 2; primes.length < 64; n++) {
  if (primes.every((p) => n % p !== 0)) {
    primes.push(n);
  }
}

// The constants are the first 32 bits of the fractional parts of square and cube roots of primes.
const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
const start = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
const constants = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const schedule = new Int32Array(64);

export class Sha256 {
  #state = start.slice();
  #tail = new Uint8Array(64);
  #tailLength = 0;
  #length = 0;

  /** Adds bytes (a Uint8Array). */
  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#tailLength > 0) {
      at = Math.min(64 - this.#tailLength, bytes.length);
      this.#tail.set(bytes.subarray(0, at), this.#tailLength);
      this.#tailLength += at;
      if (this.#tailLength < 64) {
        return this;
      }
      compress(this.#state, this.#tail, 0, 64);
    }
    const whole = bytes.length - ((bytes.length - at) & 63);
    compress(this.#state, bytes, at, whole);
    this.#tail.set(bytes.subarray(whole));
    this.#tailLength = bytes.length - whole;
    return this;
  }

  /** The hash of what was added so far, as hexadecimal digits; more may be added afterwards. */
  hex() {
    const end = new Uint8Array(this.#tailLength < 56 ? 64 : 128);
    end.set(this.#tail.subarray(0, this.#tailLength));
    end[this.#tailLength] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(this.#length) * 8n);
    const state = this.#state.slice();
    compress(state, end, 0, end.length);
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

function compress(state, bytes, from, to) {
  const w = schedule;
  const k = constants;
  for (let at = from; at < to; at += 64) {
    for (let i = 0, j = at; i < 16; i++, j += 4) {
      w[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}
