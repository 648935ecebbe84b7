// The level of a stream's sound, as a bar from -60 to 0 dBFS.

let context = null;

export class Meter {
  #element;
  #nodes = null;
  #frame = 0;
  #spoken = 0;

  constructor(element) {
    this.#element = element;
  }

  attach(stream) {
    this.detach();
    if (!stream?.getAudioTracks().length) {
      return;
    }
    context ??= new AudioContext();
    context.resume();
    const source = context.createMediaStreamSource(stream);
    const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0.5 });
    source.connect(analyser);
    this.#nodes = { source, analyser, samples: new Float32Array(analyser.fftSize) };
    this.#run();
  }

  detach() {
    cancelAnimationFrame(this.#frame);
    this.#nodes?.source.disconnect();
    this.#nodes = null;
    this.#show(0);
  }

  #run() {
    const { analyser, samples } = this.#nodes;
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
    const decibels = 10 * Math.log10(power + 1e-9);
    this.#show(Math.max(0, Math.min(100, (100 * (decibels + 60)) / 60)));
    this.#frame = requestAnimationFrame(() => this.#run());
  }

  #show(percent) {
    this.#element.style.setProperty('--level', `${percent.toFixed(1)}%`);
    // The bar follows each frame; assistive technology needs no more than a few values a second.
    const now = performance.now();
    if (percent === 0 || now - this.#spoken > 500) {
      this.#spoken = now;
      this.#element.setAttribute('aria-valuenow', percent.toFixed(0));
    }
  }
}
