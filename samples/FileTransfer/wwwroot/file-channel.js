// The data channel of one file: JSON messages, and blocks of bytes between them. README.md describes the protocol.

export const protocol = 'file-transfer';

const blockSize = 64 * 1024;
const progressInterval = 1024 * 1024;
const windowSize = 8 * 1024 * 1024;
const highWaterMark = 1024 * 1024;
const farewellLimit = 5000;
const connectionLost = 'The connection was lost.';

/** A transfer has ended before its time. `lost`: it can be resumed. `byPeer`: the peer has cancelled it. */
export class TransferError extends Error {
  constructor(message, { lost = false, byPeer = false } = {}) {
    super(message);
    this.lost = lost;
    this.byPeer = byPeer;
  }
}

export class FileChannel {
  #channel;
  #received = [];
  #error = null;
  #wake = [];
  #reported = 0;

  /** What the peer says it has stored. */
  acknowledged = 0;

  /** Called when `acknowledged` has grown. */
  onprogress = () => {};

  constructor(channel) {
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = highWaterMark / 4;
    channel.addEventListener('message', ({ data }) => this.#receive(data));
    channel.addEventListener('close', () => this.fail(new TransferError(connectionLost, { lost: true })));
    channel.addEventListener('open', () => this.#wakeAll());
    channel.addEventListener('bufferedamountlow', () => this.#wakeAll());
  }

  opened() {
    return this.#until(() => this.#channel.readyState === 'open');
  }

  /** Never completes; fails when the channel ends. */
  ended() {
    return this.#until(() => false);
  }

  send(message) {
    this.#throwIfFailed();
    this.#channel.send(JSON.stringify(message));
  }

  /** Sends a block once the connection and the peer's storage have room for it; `position` is how much will have been sent then. */
  async sendBlock(bytes, position) {
    await this.#until(() => this.#channel.bufferedAmount < highWaterMark && position - this.acknowledged <= windowSize);
    this.#channel.send(bytes);
  }

  /** Sends a buffer that begins at a place of the file, in blocks. */
  async sendBuffer(buffer, position) {
    for (let at = 0; at < buffer.byteLength; at += blockSize) {
      const block = new Uint8Array(buffer, at, Math.min(blockSize, buffer.byteLength - at));
      await this.sendBlock(block, position + at + block.length);
    }
  }

  /** Tells the sender how much is stored, now and then. */
  report(offset) {
    if (offset - this.#reported >= progressInterval) {
      this.#reported = offset;
      this.send({ type: 'progress', offset });
    }
  }

  /** The next message of one of the types; an ArrayBuffer where 'bytes' is one of them. */
  async next(...types) {
    await this.#until(() => this.#received.length > 0);
    const data = this.#received.shift();
    if (!types.includes(data instanceof ArrayBuffer ? 'bytes' : data.type)) {
      throw new TransferError('The peer sent something that does not belong here.');
    }
    return data;
  }

  /** Tells the peer that this side gives up, and why. The peer closes the channel: closed here, a browser may throw away what has not left yet. */
  cancel(reason) {
    if (this.#channel.readyState === 'open') {
      this.#channel.send(JSON.stringify({ type: 'cancel', reason }));
    }
    this.fail(new TransferError('Cancelled.'));
    setTimeout(() => this.close(), farewellLimit);
  }

  close() {
    this.#channel.close();
  }

  /** Ends whatever waits for this channel. */
  fail(error) {
    this.#error ??= error;
    this.#wakeAll();
  }

  #receive(data) {
    if (typeof data !== 'string') {
      this.#received.push(data);
      this.#wakeAll();
      return;
    }
    let message = null;
    try {
      message = JSON.parse(data);
    } catch {
      // Told below.
    }
    switch (message?.type) {
      case undefined:
        this.fail(new TransferError('The peer sent something that is no message.'));
        break;
      case 'cancel':
        this.fail(new TransferError(String(message.reason ?? 'It gave no reason.').slice(0, 200), { byPeer: true }));
        break;
      case 'progress':
        this.acknowledged = Math.max(this.acknowledged, Number(message.offset) || 0);
        this.onprogress(this.acknowledged);
        this.#wakeAll();
        break;
      default:
        this.#received.push(message);
        this.#wakeAll();
    }
  }

  // A message that came before the channel was closed still counts.
  async #until(condition) {
    while (!condition()) {
      this.#throwIfFailed();
      await new Promise((resolve) => this.#wake.push(resolve));
    }
  }

  #throwIfFailed() {
    if (this.#error) {
      throw this.#error;
    }
  }

  #wakeAll() {
    const waiting = this.#wake;
    this.#wake = [];
    waiting.forEach((resolve) => resolve());
  }
}
