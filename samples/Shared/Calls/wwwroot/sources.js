// What the page can send: the camera, the microphone, or a picture and a tone of its own.

const media = {
  camera: { audio: { echoCancellation: true, noiseSuppression: true }, video: { width: { ideal: 1280 }, height: { ideal: 720 } } },
  microphone: { audio: { echoCancellation: true, noiseSuppression: true }, video: false },
};

/** Opens a source. Answers { stream, mirror, close }; stream is null where only messages are sent. */
export async function openSource(kind) {
  if (kind === 'none') {
    return { stream: null, mirror: false, close() {} };
  }
  if (kind === 'test') {
    return openTestSource();
  }
  const stream = await capture(media[kind]);
  return { stream, mirror: kind === 'camera', close: () => stopTracks(stream) };
}

/** A picture to add to a running call: the camera, or the test picture where there is none. */
export async function openVideo() {
  try {
    const stream = await capture({ video: media.camera.video });
    return { stream, mirror: true, close: () => stopTracks(stream) };
  } catch {
    return openTestSource({ sound: false });
  }
}

async function capture(constraints) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error('This address gives no access to camera and microphone: browsers allow it on https:// and on localhost only. "Test picture and tone" works everywhere.');
  }
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw new Error(explain(error, Boolean(constraints.video), Boolean(constraints.audio)), { cause: error });
  }
}

function explain(error, video, audio) {
  const what = video && audio ? 'camera and microphone' : video ? 'camera' : 'microphone';
  switch (error.name) {
    case 'NotAllowedError':
      return `The browser did not permit the use of the ${what}. Allow it next to the address bar and start again, or choose "Test picture and tone".`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `No ${what} was found. Plug one in, or choose another source, such as "Test picture and tone".`;
    case 'NotReadableError':
    case 'AbortError':
      return `The ${what} cannot be read. Another program may be using it.`;
    default:
      return `The ${what} could not be opened: ${error.message || error.name}.`;
  }
}

function stopTracks(stream) {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}

function openTestSource({ sound = true } = {}) {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const pen = canvas.getContext('2d');
  const timer = setInterval(() => drawTestPicture(pen, canvas), 40);
  drawTestPicture(pen, canvas);
  const stream = canvas.captureStream(25);

  let audio = null;
  if (sound) {
    audio = new AudioContext();
    const beep = new OscillatorNode(audio, { type: 'sine', frequency: 440 });
    const pulse = new OscillatorNode(audio, { type: 'square', frequency: 1 });
    const gate = new GainNode(audio, { gain: 0.06 });
    const depth = new GainNode(audio, { gain: 0.06 });
    const out = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    pulse.connect(depth).connect(gate.gain);
    beep.connect(gate).connect(out);
    beep.start();
    pulse.start();
    audio.resume();
    stream.addTrack(out.stream.getAudioTracks()[0]);
  }

  return {
    stream,
    mirror: false,
    close() {
      clearInterval(timer);
      stopTracks(stream);
      audio?.close();
    },
  };
}

const bars = ['#d8dae3', '#d6c534', '#2fb8c5', '#33b35a', '#b94cc0', '#cf3f45', '#3b50c8'];

function drawTestPicture(pen, { width, height }) {
  const now = new Date();
  const band = height * 0.62;
  bars.forEach((colour, i) => {
    pen.fillStyle = colour;
    pen.fillRect((i * width) / bars.length, 0, width / bars.length + 1, band);
  });
  pen.fillStyle = '#12141d';
  pen.fillRect(0, band, width, height - band);

  const phase = (now.getTime() % 2000) / 2000;
  const swing = 0.5 - 0.5 * Math.cos(phase * 2 * Math.PI);
  pen.fillStyle = '#ffffff';
  pen.beginPath();
  pen.arc(30 + swing * (width - 60), band - 34, 22, 0, 2 * Math.PI);
  pen.fill();

  pen.font = '600 44px system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const milliseconds = String(now.getMilliseconds()).padStart(3, '0');
  pen.fillText(`${now.toTimeString().slice(0, 8)}.${milliseconds}`, width / 2, (band + height) / 2);
}
