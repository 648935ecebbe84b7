// A voice for tests and for those without a microphone: hums while it is told to, and is silent otherwise.

export function openVoice() {
  const context = new AudioContext();
  const hum = new OscillatorNode(context, { type: 'sawtooth', frequency: 140 });
  const throat = new BiquadFilterNode(context, { type: 'bandpass', frequency: 600, Q: 0.8 });
  const syllables = new OscillatorNode(context, { type: 'sine', frequency: 4 });
  const depth = new GainNode(context, { gain: 0.2 });
  const mouth = new GainNode(context, { gain: 0.6 });
  const gate = new GainNode(context, { gain: 0 });
  const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  syllables.connect(depth).connect(mouth.gain);
  hum.connect(throat).connect(mouth).connect(gate).connect(out);
  hum.start();
  syllables.start();
  context.resume();
  return {
    stream: out.stream,
    talk(on) {
      gate.gain.setTargetAtTime(on ? 1 : 0, context.currentTime, 0.01);
    },
    close() {
      out.stream.getTracks().forEach((track) => track.stop());
      context.close();
    },
  };
}
