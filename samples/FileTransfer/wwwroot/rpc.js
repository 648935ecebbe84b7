// Calls from the page into a worker: each is a message with a number, and so is its answer.

export class WorkerClient {
  #worker;
  #calls = new Map();
  #count = 0;

  constructor(script) {
    this.#worker = new Worker(new URL(script, import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }) => {
      const call = this.#calls.get(data.number);
      this.#calls.delete(data.number);
      if ('error' in data) {
        call?.reject(new Error(data.error));
      } else {
        call?.resolve(data.result);
      }
    });
    this.#worker.addEventListener('error', (e) => this.#fail(e.message ?? 'A worker could not be started.'));
  }

  /** Calls a method of the worker; buffers in `transfer` move there without being copied. */
  call(method, args = [], transfer = []) {
    return new Promise((resolve, reject) => {
      const number = ++this.#count;
      this.#calls.set(number, { resolve, reject });
      this.#worker.postMessage({ number, method, args }, transfer);
    });
  }

  close() {
    this.#worker.terminate();
    this.#fail('The worker was closed.');
  }

  #fail(text) {
    for (const call of this.#calls.values()) {
      call.reject(new Error(text));
    }
    this.#calls.clear();
  }
}

/** In a worker: answers calls, one after another. */
export function serve(methods) {
  let last = Promise.resolve();
  addEventListener('message', ({ data: { number, method, args } }) => {
    last = last.then(async () => {
      try {
        const result = await methods[method](...args);
        postMessage({ number, result }, result instanceof ArrayBuffer ? [result] : []);
      } catch (error) {
        postMessage({ number, error: error.message });
      }
    });
  });
}
