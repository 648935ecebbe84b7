// One call: a peer connection, and the WebSocket over which the descriptions and candidates travel.
//
//   page -> peer   { type: "offer", sdp }   { type: "candidate", candidate }
//   peer -> page   { type: "answer", sdp }  { type: "candidate", candidate }  { type: "error", message }

export class Call extends EventTarget {
  #socket = null;
  #negotiating = false;
  #again = false;
  #closed = false;

  #channels = new Map();

  /**
   * channels: the data channels to open, as { label: options }; messages come as events "message" with { label, data }.
   * receive: the kinds of media to receive without sending any, as ['video', 'audio'].
   */
  constructor({ channels = {}, receive = [] } = {}) {
    super();
    this.started = performance.now();
    this.connectedAfter = null;
    this.pc = new RTCPeerConnection();
    for (const [label, options] of Object.entries(channels)) {
      this.#channels.set(label, this.pc.createDataChannel(label, options));
    }
    for (const kind of receive) {
      this.pc.addTransceiver(kind, { direction: 'recvonly' });
    }
    this.#listen();
  }

  /** Connects the signalling and starts to negotiate. */
  async start(stream) {
    for (const track of stream?.getTracks() ?? []) {
      this.pc.addTrack(track, stream);
    }
    this.#socket = await openSocket();
    if (this.#closed) {
      this.#socket.close();
      return;
    }
    this.#socket.addEventListener('message', (e) => this.#receive(JSON.parse(e.data)).catch((error) => this.#fail(error.message)));
    this.#socket.addEventListener('close', () => this.#signallingLost());
    this.pc.addEventListener('negotiationneeded', () => this.#negotiate());
    await this.#negotiate();
  }

  addTracks(stream) {
    for (const track of stream.getTracks()) {
      this.pc.addTrack(track, stream);
    }
  }

  channel(label) {
    return this.#channels.get(label);
  }

  restartIce() {
    this.pc.restartIce();
  }

  close() {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.pc.close();
    this.#socket?.close(1000);
    this.#tell('change');
  }

  #listen() {
    const { pc } = this;
    pc.addEventListener('icecandidate', ({ candidate }) => this.#send({ type: 'candidate', candidate: candidate?.toJSON() ?? null }));
    pc.addEventListener('track', (e) => this.#tell('track', e));
    for (const name of ['connectionstatechange', 'signalingstatechange', 'iceconnectionstatechange', 'icegatheringstatechange']) {
      pc.addEventListener(name, () => {
        if (pc.connectionState === 'connected') {
          this.connectedAfter ??= performance.now() - this.started;
        }
        this.#tell('change');
      });
    }
    for (const [label, channel] of this.#channels) {
      channel.addEventListener('open', () => this.#tell('change'));
      channel.addEventListener('close', () => this.#tell('change'));
      channel.addEventListener('message', (e) => this.#tell('message', { label, data: e.data }));
    }
  }

  // The page is the only one that offers, so an offer never meets another on its way.
  async #negotiate() {
    if (this.#negotiating || this.pc.signalingState !== 'stable') {
      this.#again = true;
      return;
    }
    this.#negotiating = true;
    this.#again = false;
    try {
      await this.pc.setLocalDescription();
      this.#send({ type: 'offer', sdp: this.pc.localDescription.sdp });
    } catch (error) {
      this.#fail(error.message);
    } finally {
      this.#negotiating = false;
    }
  }

  async #receive(message) {
    if (this.#closed) {
      return;
    }
    switch (message.type) {
      case 'answer':
        await this.pc.setRemoteDescription(message);
        if (this.#again) {
          await this.#negotiate();
        }
        break;
      case 'candidate':
        await this.pc.addIceCandidate(message.candidate ?? undefined);
        break;
      case 'error':
        this.#fail(message.message);
        break;
    }
  }

  #signallingLost() {
    if (!this.#closed && this.pc.connectionState !== 'connected') {
      this.#fail('The peer closed the signalling before the call was connected.');
    }
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #fail(text) {
    if (!this.#closed) {
      this.#tell('failure', text);
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function openSocket() {
  const url = new URL('signal', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket), { once: true });
    socket.addEventListener('error', () => reject(new Error('The .NET process cannot be reached. Is the sample still running?')), { once: true });
  });
}
