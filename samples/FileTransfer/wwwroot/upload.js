// A file from this page to the .NET process.

import { TransferError } from './file-channel.js';
import { WorkerClient } from './rpc.js';
import { resumedAt, Transfer } from './transfer.js';

export class Upload extends Transfer {
  #file;
  #worker = null;

  constructor(file) {
    super(file);
    this.#file = file;
  }

  async exchange(channel) {
    await channel.opened();
    channel.send({ type: 'offer', name: this.name, size: this.size, lastModified: this.lastModified });
    const accept = await channel.next('accept');
    this.set('checking');
    this.#worker ??= new WorkerClient('send-worker.js');
    const start = await this.#findStart(accept);

    channel.acknowledged = start;
    channel.onprogress = (offset) => {
      this.offset = Math.min(offset, this.size);
    };
    channel.send({ type: 'start', offset: start });
    this.offset = start;
    this.set('running');
    await this.#sendFrom(start, channel);
    this.sha256 = await this.#worker.call('sha256');
    channel.send({ type: 'end', sha256: this.sha256 });
    await channel.next('done');

    channel.close();
    this.offset = this.size;
    this.release();
    this.set('done', resumedAt(start));
  }

  release() {
    this.#worker?.close();
    this.#worker = null;
  }

  // What the receiver has is only worth something if it is the beginning of this very file.
  async #findStart({ offset = 0, sha256 }) {
    if (!(offset >= 0 && offset <= this.size)) {
      throw new TransferError('The peer asks for bytes that the file does not have.');
    }
    if (await this.#worker.call('open', [this.#file, offset]) === sha256 || offset === 0) {
      return offset;
    }
    await this.#worker.call('open', [this.#file, 0]);
    return 0;
  }

  // The next block is read while this one is sent.
  async #sendFrom(start, channel) {
    let next = this.#worker.call('read');
    for (let position = start; position < this.size;) {
      const buffer = await next;
      if (buffer.byteLength === 0) {
        throw new TransferError('The file has become shorter while it was sent.');
      }
      next = this.#worker.call('read');
      next.catch(() => { /* seen when its turn comes */ });
      await channel.sendBuffer(buffer, position);
      position += buffer.byteLength;
    }
    await next;
  }
}
