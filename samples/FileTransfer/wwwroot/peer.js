// The connection to the .NET process, made again whenever it is lost. The WebSocket over which descriptions and candidates travel stays
// open as long as the connection: whichever ends first ends the other.
//
//   page -> process   { type: "offer", sdp }   { type: "candidate", candidate }
//   process -> page   { type: "answer", sdp }  { type: "candidate", candidate }  { type: "error", message }

import { FileChannel, TransferError, protocol } from './file-channel.js';

const protocolVersion = 1;
const longestPause = 15;

/** Events: `change`, `greeted` (detail: the peer's greeting), `channel` (detail: a FileChannel that the peer has opened). */
export class Peer extends EventTarget {
  #connection = null;
  #failures = 0;
  #timer = 0;

  state = 'connecting';
  problem = '';

  connect() {
    clearTimeout(this.#timer);
    this.#connection?.close();
    this.state = 'connecting';
    const connection = new Connection();
    this.#connection = connection;
    connection.addEventListener('greeted', ({ detail }) => {
      this.#failures = 0;
      this.state = 'connected';
      this.problem = '';
      this.#tell('change');
      this.#tell('greeted', detail);
    });
    connection.addEventListener('channel', ({ detail }) => this.#tell('channel', detail));
    connection.addEventListener('ended', ({ detail }) => this.#onEnded(connection, detail));
    connection.start();
    this.#tell('change');
  }

  openFileChannel() {
    return this.#connection.openFileChannel();
  }

  #onEnded(connection, problem) {
    if (connection !== this.#connection) {
      return;
    }
    this.#failures++;
    const pause = Math.min(2 ** (this.#failures - 1), longestPause);
    this.#timer = setTimeout(() => this.connect(), pause * 1000);
    this.state = 'lost';
    this.problem = problem;
    this.#tell('change');
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

class Connection extends EventTarget {
  #pc = new RTCPeerConnection();
  #control = this.#pc.createDataChannel('control', { negotiated: true, id: 0 });
  #socket = null;
  #ended = false;
  #fileChannels = [];

  start() {
    this.#control.addEventListener('open', () => this.#control.send(JSON.stringify({ type: 'hello', version: protocolVersion, files: 0, receives: true })));
    this.#control.addEventListener('message', ({ data }) => this.#onControlMessage(JSON.parse(data)));
    this.#control.addEventListener('close', () => this.#end('The .NET process has ended the connection.'));
    this.#pc.addEventListener('datachannel', ({ channel }) => this.#tell('channel', this.#keep(new FileChannel(channel))));
    this.#pc.addEventListener('icecandidate', ({ candidate }) => this.#signal({ type: 'candidate', candidate: candidate?.toJSON() ?? null }));
    this.#pc.addEventListener('connectionstatechange', () => {
      if (this.#pc.connectionState === 'failed') {
        this.#end('No way to the .NET process was found. Is its address reachable from this browser?');
      }
    });

    const url = new URL('signal', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('open', () => this.#offer());
    this.#socket.addEventListener('message', ({ data }) => this.#onSignal(JSON.parse(data)).catch((error) => this.#end(error.message)));
    this.#socket.addEventListener('close', () => this.#end('The .NET process cannot be reached. Is FileTransfer still running?'));
  }

  openFileChannel() {
    return this.#keep(new FileChannel(this.#pc.createDataChannel('file', { protocol })));
  }

  close() {
    this.#end('');
  }

  async #offer() {
    try {
      await this.#pc.setLocalDescription();
      this.#signal({ type: 'offer', sdp: this.#pc.localDescription.sdp });
    } catch (error) {
      this.#end(error.message);
    }
  }

  async #onSignal(message) {
    switch (message.type) {
      case 'answer':
        await this.#pc.setRemoteDescription(message);
        break;
      case 'candidate':
        await this.#pc.addIceCandidate(message.candidate ?? undefined);
        break;
      case 'error':
        this.#end(message.message);
        break;
    }
  }

  #onControlMessage(message) {
    if (message.type === 'hello' && message.version === protocolVersion) {
      this.#tell('greeted', message);
    } else {
      this.#end('The .NET process speaks another version of the protocol.');
    }
  }

  #signal(message) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #keep(channel) {
    this.#fileChannels.push(channel);
    return channel;
  }

  #end(problem) {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    // This closes the channels without raising their events.
    this.#pc.close();
    this.#fileChannels.forEach((channel) => channel.fail(new TransferError('The connection was lost.', { lost: true })));
    this.#socket?.close();
    this.#tell('ended', problem);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
