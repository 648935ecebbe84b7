// The strongest frequency of a stream, in hertz; 0 in silence.

export class Pitch {
  #context = new AudioContext();
  #analyser;
  #bins;

  constructor(stream) {
    this.#context.resume();
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 4096, smoothingTimeConstant: 0 });
    this.#bins = new Float32Array(this.#analyser.frequencyBinCount);
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
  }

  measure() {
    this.#analyser.getFloatFrequencyData(this.#bins);
    const strongest = this.#bins.reduce((best, level, i) => (level > this.#bins[best] ? i : best), 0);
    return this.#bins[strongest] < -70 ? 0 : (strongest * this.#context.sampleRate) / this.#analyser.fftSize;
  }

  close() {
    this.#context.close();
  }
}
