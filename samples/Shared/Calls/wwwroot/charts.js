// Small line charts of the last minute, drawn on a canvas in the colours of the page.

const seconds = 60;

export class Chart {
  #series;
  #canvas;
  #unit;
  #floor;
  #digits;

  /** series: [{ name, colour: "--css-property" }]; floor: the smallest top of the scale. */
  constructor(figure, { title, unit, series, floor, digits = 0 }) {
    this.#unit = unit;
    this.#floor = floor;
    this.#digits = digits;
    this.#series = series.map((s) => ({ ...s, points: [], label: document.createElement('b') }));
    this.#canvas = document.createElement('canvas');
    this.#canvas.setAttribute('role', 'img');
    this.title = title;
    figure.replaceChildren(this.#header(title), this.#canvas);
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  /** Adds one value per series; null leaves a gap. */
  push(values) {
    this.#series.forEach((s, i) => {
      s.points.push(values[i] ?? null);
      s.points.splice(0, s.points.length - seconds - 1);
    });
    this.draw();
  }

  clear() {
    for (const s of this.#series) {
      s.points = [];
    }
    this.draw();
  }

  draw() {
    const { width, height } = this.#canvas.getBoundingClientRect();
    if (width === 0) {
      return;
    }
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const pen = this.#canvas.getContext('2d');
    pen.scale(scale, scale);

    const style = getComputedStyle(document.documentElement);
    const top = niceTop(Math.max(this.#floor, ...this.#series.flatMap((s) => s.points.map((p) => p ?? 0))));
    const area = { left: 1, top: 6, right: width - 46, bottom: height - 6 };
    this.#grid(pen, area, top, style);
    for (const s of this.#series) {
      this.#line(pen, area, top, s, style.getPropertyValue(s.colour).trim());
      s.label.textContent = this.#format(s.points.at(-1));
    }
    const words = this.#series.map((s) => `${s.name} ${this.#format(s.points.at(-1))}`).join(', ');
    this.#canvas.setAttribute('aria-label', `${this.title}, last minute. Now: ${words}`);
  }

  #header(title) {
    const header = document.createElement('header');
    const heading = document.createElement('h2');
    heading.textContent = title;
    const legend = document.createElement('ul');
    legend.className = 'legend';
    for (const s of this.#series) {
      const item = document.createElement('li');
      const swatch = document.createElement('i');
      swatch.style.setProperty('--series', `var(${s.colour})`);
      item.append(swatch, `${s.name} `, s.label);
      legend.append(item);
    }
    header.append(heading, legend);
    return header;
  }

  #grid(pen, { left, top, right, bottom }, max, style) {
    pen.strokeStyle = style.getPropertyValue('--line').trim();
    pen.fillStyle = style.getPropertyValue('--soft').trim();
    pen.font = '11px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(bottom - share * (bottom - top)) + 0.5;
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
      pen.fillText(shorten(share * max), right + 6, y);
    }
  }

  #line(pen, { left, top, right, bottom }, max, series, colour) {
    const step = (right - left) / seconds;
    const x = (i) => right - (series.points.length - 1 - i) * step;
    const y = (value) => bottom - (Math.min(value, max) / max) * (bottom - top);
    pen.strokeStyle = colour;
    pen.fillStyle = colour;
    pen.lineWidth = 2;
    pen.lineJoin = 'round';
    pen.beginPath();
    let drawing = false;
    series.points.forEach((value, i) => {
      if (value === null) {
        drawing = false;
      } else if (drawing) {
        pen.lineTo(x(i), y(value));
      } else {
        pen.moveTo(x(i), y(value));
        drawing = true;
      }
    });
    pen.stroke();
    const last = series.points.at(-1);
    if (last !== null && last !== undefined) {
      pen.beginPath();
      pen.arc(right, y(last), 3, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  #format(value) {
    return value === null || value === undefined ? '–' : `${value.toFixed(this.#digits)} ${this.#unit}`;
  }
}

// 1, 2 or 5 times a power of ten.
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((m) => m * power >= value) * power;
}

function shorten(value) {
  return value >= 1000 ? `${+(value / 1000).toFixed(1)}k` : `${+value.toFixed(1)}`;
}
