// A file from the .NET process to this page.

import { TransferError } from './file-channel.js';
import { WorkerClient } from './rpc.js';
import { Sha256 } from './sha256.js';
import { resumedAt, Transfer } from './transfer.js';

export class Download extends Transfer {
  #worker = null;
  #accepted = null;

  /** Where the complete file can be saved from. */
  url = '';

  constructor(offer) {
    super(offer);
    this.state = 'offered';
  }

  /** The name of its place in the browser's storage. */
  get key() {
    return `${new Sha256().update(new TextEncoder().encode(this.id)).hex().slice(0, 16)}-${this.size}`;
  }

  /** Takes the file, now or when the connection is back. */
  accept() {
    this.set('waiting');
    this.#accepted?.();
  }

  async exchange(channel) {
    if (this.state === 'offered') {
      await Promise.race([new Promise((resolve) => { this.#accepted = resolve; }), channel.ended()]);
    }
    this.set('checking');
    this.#worker ??= new WorkerClient('receive-worker.js');
    const there = await this.#worker.call('open', [this.key, this.size]);
    channel.send({ type: 'accept', offset: there.offset, sha256: there.offset > 0 ? there.sha256 : undefined });
    const start = await channel.next('start');
    if (start.offset === 0) {
      await this.#worker.call('restart');
    } else if (start.offset !== there.offset) {
      throw new TransferError('The peer begins somewhere else than was asked for.');
    }
    this.offset = start.offset;
    this.set('running');

    const announced = await this.#receiveFrom(start.offset, channel);
    this.sha256 = await this.#worker.call('sha256');
    if (this.sha256 !== announced?.toLowerCase()) {
      throw new TransferError('The SHA-256 is wrong: the file was damaged.');
    }
    this.url = URL.createObjectURL(await this.#worker.call('finish'));
    channel.send({ type: 'done' });
    this.set('done', resumedAt(start.offset));
  }

  release() {
    const worker = this.#worker;
    this.#worker = null;
    worker?.call('discard').catch(() => { /* there was nothing */ }).then(() => worker.close());
    URL.revokeObjectURL(this.url);
  }

  /** Stores what comes until the end is announced, and returns the SHA-256 that the end announces. */
  async #receiveFrom(start, channel) {
    let received = start;
    while (true) {
      const data = await channel.next('bytes', 'end');
      if (!(data instanceof ArrayBuffer)) {
        if (received !== this.size) {
          throw new TransferError('The peer sent fewer bytes than it announced.');
        }
        return data.sha256;
      }
      received += data.byteLength;
      if (received > this.size) {
        throw new TransferError('The peer sent more bytes than it announced.');
      }
      this.#worker.call('write', [data], [data]).then(
        (stored) => {
          this.offset = stored;
          channel.report(stored);
        },
      ).catch((error) => channel.fail(error));
    }
  }
}
