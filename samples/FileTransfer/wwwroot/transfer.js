// One file on its way, as a row of the page shows it. Its states:
//
//   offered      the peer offers it, and nobody has asked for it
//   waiting      it will begin as soon as there is a connection and its turn has come
//   checking     what is there of it is being compared
//   running      bytes move
//   interrupted  the connection was lost; it will go on
//   gone         it was offered, and the connection was lost before anybody asked for it
//   done         all is there, and the SHA-256 is right
//   cancelled    one side wants no more of it

import { bytes } from './figures.js';

export const resumedAt = (offset) => (offset > 0 ? `resumed at ${bytes(offset)}` : '');

export class Transfer extends EventTarget {
  state = 'waiting';
  offset = 0;
  remark = '';
  sha256 = '';
  channel = null;

  constructor({ name, size, lastModified }) {
    super();
    this.name = name;
    this.size = size;
    this.lastModified = lastModified;
  }

  get active() {
    return ['waiting', 'checking', 'running', 'interrupted'].includes(this.state);
  }

  get id() {
    return JSON.stringify([this.name, this.size, this.lastModified]);
  }

  set(state, remark = '') {
    this.state = state;
    this.remark = remark;
    this.dispatchEvent(new Event('change'));
  }

  cancel() {
    if (this.state === 'offered' || this.active) {
      this.channel?.cancel('Cancelled in the browser.');
      this.release();
      this.set('cancelled', 'Cancelled here.');
    }
  }

  /** Runs the transfer over a channel until it ends one way or another. */
  async run(channel) {
    this.channel = channel;
    try {
      await this.exchange(channel);
    } catch (error) {
      this.#onFailure(channel, error);
    } finally {
      this.channel = null;
    }
  }

  #onFailure(channel, error) {
    if (this.state === 'cancelled') {
      return;
    }
    if (error.lost && this.state === 'offered') {
      this.set('gone');
      return;
    }
    if (error.lost) {
      this.set('interrupted', 'Goes on when the connection is back.');
      return;
    }
    if (error.byPeer) {
      channel.close();
    } else {
      channel.cancel(error.message);
    }
    this.release();
    this.set('cancelled', error.byPeer ? `The peer says: ${error.message}` : error.message);
  }
}
