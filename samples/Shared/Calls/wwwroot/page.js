// What every page with one call does: it begins the call, follows it, ends it, and says what went wrong.

export const $ = (id) => document.getElementById(id);

export function showError(text) {
  $('error-text').textContent = text;
  $('error').hidden = text === '';
}

/** Toggles a button that stays pressed; returns whether it is now. */
export function press(id) {
  const on = $(id).getAttribute('aria-pressed') !== 'true';
  $(id).setAttribute('aria-pressed', String(on));
  return on;
}

/** Shows the pill in the head of the page. */
export function showStatus(state, text) {
  $('status').dataset.state = state;
  $('status-text').textContent = text;
}

export const words = { new: 'Connecting', connecting: 'Connecting', connected: 'Connected', disconnected: 'Interrupted', failed: 'Failed', closed: 'Ended' };

/** The pill of a peer connection's state, or of none. */
export function showConnection(pc, connected = words.connected) {
  const state = pc?.connectionState;
  showStatus(!pc ? 'new' : state === 'new' || state === 'disconnected' ? 'connecting' : state, !pc ? 'Ready' : state === 'connected' ? connected : words[state]);
}

export class CallPage {
  #options;

  /** The call that is on, with all that belongs to it, or null. */
  session = null;

  /**
   * channel: the label of the data channel whose end is the end of the call.
   * button: the id of the button that begins a call.
   * show: shows the state of the session, or that there is none; called whenever it has changed.
   * closed: called with a session that has ended, to release what belongs to it.
   * lost, ended: what to say when the connection fails, and when the peer ends the call.
   */
  constructor(options) {
    this.#options = { lost: 'No way to the process was found, or it was lost.', ended: 'The process has ended.', ...options };
    $('error-close').addEventListener('click', () => showError(''));
    addEventListener('pagehide', () => this.session?.call.close());
    this.show();
  }

  /** Begins what `open` returns: { call, source?, ... }. */
  async start(open) {
    const button = $(this.#options.button);
    showError('');
    button.disabled = true;
    try {
      const mine = await open();
      this.session = mine;
      mine.call.addEventListener('change', () => this.isOn(mine) && this.#onChange(mine.call));
      mine.call.addEventListener('failure', (e) => this.isOn(mine) && this.fail(e.detail));
      this.show();
      await mine.call.start(mine.source?.stream ?? null);
    } catch (error) {
      this.fail(error.message);
    } finally {
      button.disabled = false;
    }
  }

  show() {
    this.#options.show(this.session);
  }

  /** Whether a session is the one that is on: what comes late belongs to none. */
  isOn(session) {
    return session === this.session;
  }

  /** Ends the call, if there is one; `note` says why. */
  stop(note) {
    const session = this.session;
    this.session = null;
    if (session) {
      clearInterval(session.timer);
      session.call.close();
      session.source?.close();
    }
    this.#options.closed(session, note);
    this.show();
  }

  fail(text) {
    this.stop(text);
    showError(text);
  }

  #onChange(call) {
    if (call.pc.connectionState === 'failed') {
      this.fail(this.#options.lost);
    } else if (call.channel(this.#options.channel).readyState === 'closed' && call.pc.connectionState !== 'closed') {
      this.fail(this.#options.ended);
    } else {
      this.show();
    }
  }
}
