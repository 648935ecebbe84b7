// Figures as people read them.

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${count.toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

export function time(seconds) {
  const s = Math.ceil(seconds);
  if (s < 60) {
    return `${s} s`;
  }
  return s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** The rate of a growing number over the last few seconds. */
export class Meter {
  #samples = [];

  measure(value) {
    const now = performance.now();
    this.#samples.push({ now, value });
    while (now - this.#samples[0].now > 4000) {
      this.#samples.shift();
    }
    const [oldest] = this.#samples;
    return now > oldest.now ? Math.max(0, (value - oldest.value) / (now - oldest.now)) * 1000 : 0;
  }
}
