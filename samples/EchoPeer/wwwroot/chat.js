// The list of messages: each one sent, and each one that came back with the time it took.

export class Chat {
  #log;
  #waiting = [];

  constructor(log) {
    this.#log = log;
  }

  sent(text) {
    this.#waiting.push({ text, at: performance.now() });
    this.#add('mine', text);
  }

  returned(data) {
    const text = typeof data === 'string' ? data : `${data.byteLength ?? data.size} bytes`;
    const i = this.#waiting.findIndex((w) => w.text === text);
    if (i < 0) {
      this.#add('theirs', text);
      return;
    }
    const [{ at }] = this.#waiting.splice(i, 1);
    this.#add('theirs', text, `back after ${(performance.now() - at).toFixed(1)} ms`);
  }

  note(text) {
    this.#waiting = [];
    this.#add('note', text);
  }

  #add(kind, text, remark) {
    const item = document.createElement('li');
    item.className = kind;
    item.textContent = text;
    if (remark) {
      const small = document.createElement('small');
      small.textContent = remark;
      item.append(small);
    }
    this.#log.append(item);
    while (this.#log.childElementCount > 200) {
      this.#log.firstElementChild.remove();
    }
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}
