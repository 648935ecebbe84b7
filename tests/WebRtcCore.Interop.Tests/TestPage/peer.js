// The browser's side of the interop tests: one connection per page, and what the tests ask of it.
// Every wait ends by itself, with a sentence that tells the state in which it gave up.
'use strict';

const peer = {
  pc: null,
  channels: new Map(),
  received: new Map(),
  tracks: [],
  events: [],

  create(configuration) {
    this.pc = new RTCPeerConnection(configuration);
    this.pc.ondatachannel = (e) => this.adopt(e.channel);
    this.pc.ontrack = (e) => this.play(e.track);
    for (const name of ['signalingstatechange', 'connectionstatechange', 'iceconnectionstatechange', 'icegatheringstatechange', 'track', 'datachannel']) {
      this.pc.addEventListener(name, () => this.events.push(name));
    }
  },

  async addMedia(constraints) {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    for (const track of stream.getTracks()) {
      this.pc.addTrack(track, stream);
    }
  },

  // Sends one picture in several sizes, each half the next.
  async addSimulcast(constraints, rids) {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    const sendEncodings = rids.map((rid, i) => ({ rid, scaleResolutionDownBy: 2 ** (rids.length - 1 - i) }));
    const { sender } = this.pc.addTransceiver(stream.getVideoTracks()[0], { streams: [stream], sendEncodings });

    // On a busy machine a browser would send smaller pictures than asked for.
    const parameters = sender.getParameters();
    parameters.degradationPreference = 'maintain-resolution';
    await sender.setParameters(parameters);
  },

  // Waits until exactly these widths are being decoded, one by each track.
  async showsWidths(widths) {
    const now = async () => (await this.stats('inbound-rtp', 'video')).map((s) => s.frameWidth).sort((a, b) => a - b);
    const wanted = JSON.stringify(widths);
    await this.until(async () => JSON.stringify(await now()) === wanted, `widths ${wanted}`);
  },

  // Sends pictures that the page draws itself, for a page without an address has no camera.
  addDrawing() {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 240;
    document.body.append(canvas);
    const context = canvas.getContext('2d');
    let step = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${step++ % 360}, 80%, 50%)`;
      context.fillRect((step * 7) % 300, (step * 5) % 220, 40, 40);
    }, 33);
    const stream = canvas.captureStream(30);
    this.pc.addTrack(stream.getVideoTracks()[0], stream);
  },

  // Gives media to the transceivers that the other side's offer has made.
  async answerWithMedia(constraints) {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    for (const track of stream.getTracks()) {
      const free = this.pc.getTransceivers().find((t) => t.receiver.track.kind === track.kind && !t.sender.track);
      await free.sender.replaceTrack(track);
      free.direction = 'sendrecv';
    }
  },

  // Asks to receive media without sending any.
  receive() {
    this.pc.addTransceiver('audio', { direction: 'recvonly' });
    this.pc.addTransceiver('video', { direction: 'recvonly' });
  },

  // Sends pictures in a codec if the other side has it.
  preferVideo(mimeType) {
    const { codecs } = RTCRtpReceiver.getCapabilities('video');
    const isWanted = (c) => c.mimeType.toLowerCase() === mimeType.toLowerCase();
    for (const transceiver of this.pc.getTransceivers().filter((t) => t.sender.track?.kind === 'video')) {
      transceiver.setCodecPreferences([...codecs.filter(isWanted), ...codecs.filter((c) => !isWanted(c))]);
    }
  },

  // Makes the pictures that are sent so many times smaller.
  async scaleVideo(factor) {
    const sender = this.pc.getSenders().find((s) => s.track?.kind === 'video');
    const parameters = sender.getParameters();
    parameters.encodings[0].scaleResolutionDownBy = factor;
    await sender.setParameters(parameters);
  },

  play(track) {
    this.tracks.push(track);
    const element = document.createElement(track.kind);
    element.autoplay = true;
    element.muted = true;
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
    element.play().catch(() => {});
  },

  // Listens to the received audio track with Web Audio.
  async listen() {
    await this.until(() => this.tracks.some((t) => t.kind === 'audio'), 'an audio track');
    this.audio = new AudioContext();
    await this.audio.resume();
    const source = this.audio.createMediaStreamSource(new MediaStream([this.tracks.find((t) => t.kind === 'audio')]));
    this.analyser = this.audio.createAnalyser();
    this.analyser.fftSize = 8192;
    this.analyser.smoothingTimeConstant = 0;
    source.connect(this.analyser);
  },

  // The loudest frequency now, in Hz, and how loud it is, in dB.
  heard() {
    const bins = new Float32Array(this.analyser.frequencyBinCount);
    this.analyser.getFloatFrequencyData(bins);
    const loudest = bins.reduce((best, level, i) => level > bins[best] ? i : best, 0);
    return { hz: loudest * this.audio.sampleRate / this.analyser.fftSize, db: bins[loudest] };
  },

  // Waits until a tone is heard.
  async hears(hz) {
    let heard = null;
    await this.until(() => { heard = this.heard(); return heard.db > -60 && Math.abs(heard.hz - hz) < 15; }, () => `a tone of ${hz} Hz; ${heard.hz} Hz at ${heard.db} dB`);
  },

  // The share of moments, a tenth of a second apart, in which a tone is heard.
  async hearsSteadily(hz, seconds) {
    let count = 0;
    const moments = seconds * 10;
    for (let i = 0; i < moments; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const heard = this.heard();
      count += heard.db > -60 && Math.abs(heard.hz - hz) < 15 ? 1 : 0;
    }
    return count / moments;
  },

  // Waits until the audio that comes in is as loud as it should be, in dBov, as the sender's header extension says.
  async levelIs(decibels, tolerance) {
    const receiver = this.pc.getReceivers().find((r) => r.track.kind === 'audio');
    let level = null;
    await this.until(
      () => { level = 20 * Math.log10(receiver.getSynchronizationSources()[0]?.audioLevel ?? 0); return Math.abs(level - decibels) <= tolerance; },
      () => `a level of ${decibels} dB; it is ${level}`);
  },

  // Those who are mixed into the audio that comes in, and how loud they are.
  async contributors(count) {
    const receiver = this.pc.getReceivers().find((r) => r.track.kind === 'audio');
    await this.until(() => receiver.getContributingSources().length >= count, `${count} contributing sources`);
    return receiver.getContributingSources().map((s) => [s.source, s.audioLevel ?? -1]);
  },

  // Presses keys and waits until all have been played.
  async press(tones) {
    const dtmf = this.pc.getSenders().find((s) => s.track?.kind === 'audio').dtmf;
    await this.until(() => dtmf.canInsertDTMF, 'DTMF to be possible');
    const played = new Promise((resolve) => dtmf.addEventListener('tonechange', (e) => e.tone === '' && resolve()));
    dtmf.insertDTMF(tones, 100, 70);
    await played;
  },

  openChannel(label, options) {
    this.adopt(this.pc.createDataChannel(label, options));
  },

  adopt(channel) {
    channel.binaryType = 'arraybuffer';
    this.channels.set(channel.label, channel);
    this.received.set(channel.label, []);
    channel.onmessage = (e) => this.received.get(channel.label).push(e.data);
  },

  // Offers and waits for all candidates; answers the JSON of the description.
  async offer(options) {
    await this.pc.setLocalDescription(await this.pc.createOffer(options));
    return await this.localDescription();
  },

  async acceptOffer(json, constraints) {
    await this.pc.setRemoteDescription(JSON.parse(json));
    if (constraints) {
      await this.answerWithMedia(constraints);
    }
    await this.pc.setLocalDescription();
    return await this.localDescription();
  },

  async acceptAnswer(json) {
    await this.pc.setRemoteDescription(JSON.parse(json));
  },

  async localDescription() {
    await this.until(() => this.pc.iceGatheringState === 'complete', 'gathering');
    return JSON.stringify(this.pc.localDescription);
  },

  async connected() {
    await this.until(() => this.pc.connectionState === 'connected', 'the connection');
  },

  async channelState(label, state) {
    await this.until(() => this.channels.get(label)?.readyState === state, `channel ${label} to be ${state}`);
  },

  sendText(label, text) {
    this.channels.get(label).send(text);
  },

  // Binary content follows from the length alone, so that only lengths and sums travel between page and test.
  sendBinary(label, length) {
    this.channels.get(label).send(pattern(length));
  },

  async nextMessage(label) {
    const list = this.received.get(label);
    await this.until(() => list.length > 0, `a message on ${label}`);
    const data = list.shift();
    if (typeof data === 'string') {
      return { text: data, length: data.length, intact: true };
    }
    const bytes = new Uint8Array(data);
    const expected = pattern(bytes.length);
    return { text: null, length: bytes.length, intact: bytes.every((b, i) => b === expected[i]) };
  },

  // Sends a large content in pieces, without letting much wait, and answers its SHA-256.
  async sendFile(label, length, pieceLength) {
    const channel = this.channels.get(label);
    const bytes = noise(length);
    const digest = sha256(bytes);
    channel.bufferedAmountLowThreshold = 1 << 20;
    for (let offset = 0; offset < length; offset += pieceLength) {
      if (channel.bufferedAmount > 4 << 20) {
        await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }));
      }
      channel.send(bytes.subarray(offset, Math.min(offset + pieceLength, length)));
    }
    return await digest;
  },

  // From now on the messages of a channel are the parts of one content; fileReceived waits for the last and answers its SHA-256.
  receiveFile(label, length) {
    const file = { bytes: new Uint8Array(length), length: 0 };
    this.channels.get(label).onmessage = (e) => {
      file.bytes.set(new Uint8Array(e.data), file.length);
      file.length += e.data.byteLength;
    };
    this.received.set(label, file);
  },

  async fileReceived(label, seconds) {
    const file = this.received.get(label);
    await this.until(() => file.length === file.bytes.length, 'the rest of the file', seconds);
    return await sha256(file.bytes);
  },

  async stats(type, kind) {
    const report = await this.pc.getStats();
    return [...report.values()].filter((s) => s.type === type && (!kind || s.kind === kind));
  },

  async counter(type, kind, name) {
    return (await this.stats(type, kind)).reduce((sum, s) => sum + (s[name] ?? 0), 0);
  },

  // The same, or null where this browser has no such counter.
  async reported(type, kind, name) {
    return (await this.stats(type, kind)).some((s) => s[name] !== undefined) ? await this.counter(type, kind, name) : null;
  },

  // Waits until a counter of getStats() has grown by some amount from now.
  async grows(type, kind, name, amount) {
    const before = await this.counter(type, kind, name);
    let now = before;
    await this.until(async () => (now = await this.counter(type, kind, name)) >= before + amount, () => `${kind} ${name} to grow by ${amount} from ${before}; it is ${now}`);
    return now;
  },

  // Waits until a counter of getStats() is as it should be: browsers show counters that are up to a second old, and a busy machine is slow.
  async becomes(type, kind, name, isGood) {
    let last = null;
    await this.until(async () => (last = await this.reported(type, kind, name)) !== null && isGood(last), () => `${kind} ${name} with ${isGood}; it is ${last}`);
    return last;
  },

  // Every wait is this one. What is waited for may be a function, which tells how far it has come.
  async until(predicate, what, seconds = 60) {
    const end = performance.now() + 1000 * seconds;
    while (!await predicate()) {
      if (performance.now() > end) {
        const { connectionState, iceConnectionState, signalingState } = this.pc;
        throw new Error(`waited ${seconds} s for ${typeof what === 'function' ? what() : what}; connection ${connectionState}, ICE ${iceConnectionState}, signalling ${signalingState}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },

  close() {
    this.pc?.close();
  },
};

// Content that does not repeat itself.
function noise(length) {
  const bytes = new Uint8Array(length);
  const words = new Uint32Array(bytes.buffer, 0, length >> 2);
  let x = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[i] = x;
  }
  return bytes;
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((b) => b.toString(16).padStart(2, '0')).join('');
}

function pattern(length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  }
  return bytes;
}
