// The row of one transfer in a list.

import { bytes, Meter, time } from './figures.js';

const words = { offered: 'offered', waiting: 'waiting', checking: 'checking what is there', interrupted: 'interrupted', done: 'complete', cancelled: 'cancelled' };

export class Row {
  #transfer;
  #meter = new Meter();
  #parts = {};

  constructor(transfer, list) {
    this.#transfer = transfer;
    const item = document.getElementById('row').content.firstElementChild.cloneNode(true);
    for (const part of item.querySelectorAll('[data-part]')) {
      this.#parts[part.dataset.part] = part;
    }
    this.#parts.item = item;
    const { name, receive, cancel, save, remove, bar } = this.#parts;
    name.textContent = transfer.name;
    name.title = transfer.name;
    bar.setAttribute('aria-label', `Progress of ${transfer.name}`);
    for (const button of [receive, cancel, save, remove]) {
      button.setAttribute('aria-label', `${button.textContent} ${transfer.name}`);
    }
    receive.addEventListener('click', () => transfer.accept());
    cancel.addEventListener('click', () => transfer.cancel());
    remove.addEventListener('click', () => {
      transfer.release();
      this.remove();
    });
    list.prepend(item);
    transfer.addEventListener('change', () => this.show());
    this.show();
  }

  remove() {
    this.#parts.item.remove();
  }

  show() {
    const { item, detail, hash, bar, receive, cancel, save, remove } = this.#parts;
    const transfer = this.#transfer;
    item.dataset.state = transfer.state;
    const share = transfer.state === 'done' ? 100 : transfer.size > 0 ? Math.floor((transfer.offset / transfer.size) * 100) : 0;
    bar.setAttribute('aria-valuenow', share);
    bar.style.setProperty('--share', `${share}%`);
    bar.hidden = transfer.state === 'offered';
    detail.textContent = this.#describe();
    hash.hidden = transfer.state !== 'done';
    hash.textContent = `SHA-256 ${transfer.sha256}`;

    receive.hidden = transfer.state !== 'offered';
    cancel.hidden = !transfer.active && transfer.state !== 'offered';
    remove.hidden = transfer.state !== 'done' && transfer.state !== 'cancelled';
    save.hidden = !transfer.url || transfer.state !== 'done';
    if (!save.hidden) {
      save.href = transfer.url;
      save.download = transfer.name;
    }
  }

  #describe() {
    const { state, offset, size, remark } = this.#transfer;
    const rate = this.#meter.measure(offset);
    if (state === 'running') {
      const left = rate > 0 ? ` · ${time((size - offset) / rate)} left` : '';
      return `${bytes(offset)} of ${bytes(size)} · ${bytes(rate)}/s${left}`;
    }
    return [bytes(size), words[state], remark].filter(Boolean).join(' · ');
  }
}
