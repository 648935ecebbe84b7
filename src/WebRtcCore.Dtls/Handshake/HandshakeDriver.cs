using System.Diagnostics;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>
/// Runs a handshake over an unreliable network: puts messages together, hands them to the state machine of the version, repeats flights until they are
/// answered and the last one when the peer asks for it (RFC 6347 4.2.4). Its owner looks at <see cref="IsComplete"/> and <see cref="Failure"/> after each call.
/// </summary>
internal sealed class HandshakeDriver(DtlsRole role, HandshakeContext context, AlertQueue alerts, DtlsCounters counters) : IDisposable
{
    private readonly HandshakeReassembler _reassembler = new();
    private readonly TimerTable<DtlsTimer> _timers = new();

    private readonly RetransmissionTimeout _retransmission =
        new(context.Options.InitialRetransmissionTimeout, context.Options.MaxRetransmissionTimeout);

    private Instant _flightSentAt;
    private DtlsErrorKind _refusal;
    private bool _renegotiationRefused;
    private bool _ended;

    /// <summary>The state machine; a server has none before it knows the version.</summary>
    public DtlsHandshake? Handshake { get; private set; }

    /// <summary>Whether the handshake has succeeded.</summary>
    public bool IsComplete => Handshake is { IsComplete: true };

    /// <summary>Why the handshake has failed, if it has.</summary>
    public HandshakeStep? Failure { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public Instant? NextTimeout => _timers.Next;

    private bool IsRunning => !_ended && Failure is null;

    /// <summary>Sends the client's first flight.</summary>
    public void StartClient(Instant now)
    {
        Handshake = new Dtls12ClientHandshake(context);
        _timers.Arm(DtlsTimer.Handshake, now + context.Options.HandshakeTimeout);
        StartFlight(now);
    }

    public void SetRoundTripTime(TimeSpan roundTripTime) => _retransmission.SetRoundTripTime(roundTripTime);

    /// <summary>Handles the content of one handshake record: any number of fragments.</summary>
    public void HandleFragments(ReadOnlySpan<byte> content, ushort epoch, Instant now)
    {
        var reader = new SpanReader(content);
        while (!reader.IsAtEnd && IsRunning)
        {
            if (!HandshakeHeader.TryParse(ref reader, out var header, out var fragment))
            {
                counters.DiscardedHandshakeFragments++;
                return;
            }

            if (IsComplete)
            {
                HandleLateFragment(header, epoch, now);
                continue;
            }

            switch (_reassembler.Add(header, fragment, epoch))
            {
                case FragmentOutcome.Kept:
                    HandleCompleteMessages(now);
                    break;
                case FragmentOutcome.Repeated:
                    ResendToRepeatingPeer(now);
                    break;
                case FragmentOutcome.Dropped:
                    counters.DiscardedHandshakeFragments++;
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    public void HandleTimeout(Instant now)
    {
        while (_timers.TryTakeExpired(now, out var timer))
        {
            switch (timer)
            {
                case DtlsTimer.Retransmission:
                    _retransmission.BackOff();
                    ResendFlight(now);
                    _timers.Arm(DtlsTimer.Retransmission, now + _retransmission.Current);
                    break;
                case DtlsTimer.Handshake:
                    var error = _refusal == DtlsErrorKind.None ? DtlsErrorKind.HandshakeTimeout : _refusal;
                    Failure = HandshakeStep.Fail(error, DtlsAlertDescription.HandshakeFailure);
                    _timers.CancelAll();
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    /// <summary>The peer has sent application data, which it does only after our last flight has reached it.</summary>
    public void OnLastFlightAnswered() => context.Flight.Clear();

    /// <summary>Stops everything; nothing is sent or kept any more.</summary>
    public void End()
    {
        _ended = true;
        _timers.CancelAll();
        context.Flight.Clear();
        _reassembler.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Handshake?.Dispose();

    // After the handshake: either the peer repeats its last flight because ours was lost, or it wants to renegotiate.
    private void HandleLateFragment(in HandshakeHeader header, ushort epoch, Instant now)
    {
        var wantsRenegotiation = epoch != 0 && header.Type == (role == DtlsRole.Client ? HandshakeType.HelloRequest : HandshakeType.ClientHello);
        if (wantsRenegotiation && !_renegotiationRefused)
        {
            // RFC 5246 7.2.2: refusing is a warning, and the connection goes on.
            _renegotiationRefused = true;
            alerts.Add(new Alert(IsFatal: false, DtlsAlertDescription.NoRenegotiation));
            Log.RenegotiationRefused(context.Logger, role);
        }
        else if (!wantsRenegotiation && header.Sequence < _reassembler.NextSequence && Handshake!.SendsLastFlight)
        {
            ResendToRepeatingPeer(now);
        }
    }

    private void HandleCompleteMessages(Instant now)
    {
        while (IsRunning && !IsComplete && _reassembler.TryPeek(out var message))
        {
            if (Handshake is null && !TryChooseHandshake(message!, now))
            {
                _reassembler.Discard();
                return;
            }

            var step = Handshake!.OnMessage(message!);
            switch (step.Outcome)
            {
                case StepOutcome.Accepted:
                    _reassembler.Advance();
                    OnAccepted(step, now);
                    break;
                case StepOutcome.Discarded:
                    counters.DiscardedHandshakeFragments++;
                    _reassembler.Discard();
                    break;
                case StepOutcome.Refused:
                    _reassembler.Discard();
                    Refuse(step.Error, step.Alert);
                    break;
                case StepOutcome.Failed:
                    Failure = step;
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    private void OnAccepted(HandshakeStep step, Instant now)
    {
        if (step.HasNewFlight)
        {
            StartFlight(now);
        }

        if (IsComplete)
        {
            _timers.CancelAll();
            _reassembler.Clear();
            if (!Handshake!.SendsLastFlight)
            {
                context.Flight.Clear();
            }
        }
    }

    // A server needs the ClientHello to know which version's state machine it is.
    private bool TryChooseHandshake(HandshakeMessage message, Instant now)
    {
        if (message.Type != HandshakeType.ClientHello || !ClientHello.TryParse(message.Body, out var hello))
        {
            counters.DiscardedHandshakeFragments++;
            return false;
        }

        if (!_timers.IsArmed(DtlsTimer.Handshake))
        {
            _timers.Arm(DtlsTimer.Handshake, now + context.Options.HandshakeTimeout);
        }

        if (VersionSelection.Choose(hello!) is null)
        {
            Refuse(DtlsErrorKind.ProtocolVersion, DtlsAlertDescription.ProtocolVersion);
            return false;
        }

        Handshake = new Dtls12ServerHandshake(context);
        return true;
    }

    // The sender is told, but is not known to be the peer: go on waiting (an attacker's hello must not spoil the peer's).
    private void Refuse(DtlsErrorKind error, DtlsAlertDescription alert)
    {
        _refusal = error;
        Handshake?.Dispose();
        Handshake = null;
        alerts.Add(new Alert(IsFatal: true, alert));
        Log.ClientHelloRefused(context.Logger, error);
    }

    private void StartFlight(Instant now)
    {
        _flightSentAt = now;
        _retransmission.Reset();
        _timers.Arm(DtlsTimer.Retransmission, now + _retransmission.Current);
    }

    private void ResendFlight(Instant now)
    {
        _flightSentAt = now;
        context.Flight.Rewind();
        counters.FlightRetransmissions++;
        Log.FlightRetransmitted(context.Logger, role, _retransmission.Current);
    }

    // A repeated flight means that its sender has not seen our answer. Each of its records would say so; once is enough, and a duplicate made by the
    // network just after our flight went out says nothing.
    private void ResendToRepeatingPeer(Instant now)
    {
        if (!context.Flight.IsEmpty && !context.Flight.HasPending && now - _flightSentAt >= RetransmissionTimeout.Minimum / 2)
        {
            ResendFlight(now);
        }
    }
}
