// Turns what getStats() counts since the start of the call into rates of the last second.

export class Sampler {
  #last = new Map();

  /** Answers one sample, or null where there is nothing to compare with yet. */
  async sample(pc) {
    const report = await pc.getStats();
    const entries = [...report.values()];
    const sample = { pair: selectedPair(report, entries), transport: entries.find((e) => e.type === 'transport') ?? null, video: {}, audio: {} };
    for (const kind of ['video', 'audio']) {
      sample[kind] = {
        sent: this.#flow(report, entries, 'outbound-rtp', kind, 'bytesSent'),
        received: this.#flow(report, entries, 'inbound-rtp', kind, 'bytesReceived'),
      };
    }
    sample.sentLoss = this.#sentLoss(entries);
    sample.receivedLoss = this.#receivedLoss(entries);
    sample.mediaDelay = entries.find((e) => e.type === 'remote-inbound-rtp' && e.roundTripTime !== undefined)?.roundTripTime ?? null;
    return sample;
  }

  // Browsers keep entries of senders that send nothing: they have no codec.
  #flow(report, entries, type, kind, counter) {
    const streams = entries.filter((e) => e.type === type && e.kind === kind && e[counter] > 0);
    if (streams.length === 0) {
      return null;
    }
    const stream = streams.at(-1);
    const bits = streams.reduce((sum, s) => sum + 8 * (this.#rate(s, counter) ?? 0), 0);
    return {
      kilobits: bits / 1000,
      codec: describeCodec(report.get(stream.codecId)),
      width: stream.frameWidth,
      height: stream.frameHeight,
      frames: stream.framesPerSecond ?? this.#rate(stream, type === 'inbound-rtp' ? 'framesDecoded' : 'framesEncoded'),
    };
  }

  #sentLoss(entries) {
    const reports = entries.filter((e) => e.type === 'remote-inbound-rtp' && e.fractionLost !== undefined);
    return reports.length ? 100 * Math.max(...reports.map((e) => e.fractionLost)) : null;
  }

  #receivedLoss(entries) {
    let lost = 0;
    let all = 0;
    for (const e of entries.filter((e) => e.type === 'inbound-rtp')) {
      const newlyLost = Math.max(0, this.#rate(e, 'packetsLost') ?? 0);
      lost += newlyLost;
      all += newlyLost + (this.#rate(e, 'packetsReceived') ?? 0);
    }
    return all > 0 ? (100 * lost) / all : null;
  }

  // The change per second of one counter since the sample before.
  #rate(entry, counter) {
    const key = `${entry.id} ${counter}`;
    const before = this.#last.get(key);
    const now = { value: entry[counter] ?? 0, time: entry.timestamp };
    if (before && now.time <= before.time) {
      return before.rate;
    }
    now.rate = before ? ((now.value - before.value) * 1000) / (now.time - before.time) : null;
    this.#last.set(key, now);
    return now.rate;
  }
}

function selectedPair(report, entries) {
  const chosen = entries.find((e) => e.type === 'transport')?.selectedCandidatePairId;
  const pair = report.get(chosen)
    ?? entries.find((e) => e.type === 'candidate-pair' && e.selected)
    ?? entries.find((e) => e.type === 'candidate-pair' && e.nominated && e.state === 'succeeded');
  if (!pair) {
    return null;
  }
  return {
    local: describeCandidate(report.get(pair.localCandidateId)),
    remote: describeCandidate(report.get(pair.remoteCandidateId)),
    roundTrip: pair.currentRoundTripTime ?? null,
  };
}

function describeCandidate(candidate) {
  if (!candidate) {
    return 'unknown';
  }
  const address = candidate.address?.includes(':') ? `[${candidate.address}]` : candidate.address || 'hidden';
  return `${candidate.candidateType} ${address}:${candidate.port}/${candidate.protocol}`;
}

function describeCodec(codec) {
  if (!codec) {
    return '';
  }
  const name = codec.mimeType.slice(codec.mimeType.indexOf('/') + 1);
  return `${name} (${codec.payloadType})`;
}
