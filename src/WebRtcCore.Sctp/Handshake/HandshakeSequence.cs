using System.Buffers.Binary;
using System.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Control;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Handshake;

/// <summary>The four-way handshake (RFC 9260, 5): what is sent, what is answered, and timer T1. The hub draws the conclusions.</summary>
internal sealed class HandshakeSequence
{
    private readonly SctpOptions _options;
    private readonly ControlQueue _control;
    private int _attempts;
    private bool _isCookieEchoDue;
    private bool _isCookieAckDue;

    /// <summary>Creates the sequence; nothing is sent yet.</summary>
    public HandshakeSequence(SctpOptions options, IRandomSource random, ControlQueue control)
    {
        _options = options;
        _control = control;
        Identity = new AssociationHandshake(options, random);
    }

    /// <summary>Tags, TSNs and what the peer said.</summary>
    public AssociationHandshake Identity { get; }

    /// <summary>When T1 expires.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Whether the peer has not answered often enough.</summary>
    public bool IsExhausted => _attempts > _options.MaxInitRetransmissions;

    /// <summary>Sends INIT.</summary>
    public void SendInit(TimeSpan timeout, Instant now)
    {
        _control.AddAlone(0, Identity.CreateInit());
        Deadline = now + timeout;
    }

    /// <summary>Takes an INIT, which is answered in every state but one.</summary>
    public void OnInit(ChunkView chunk, SctpAssociationState state, Instant now)
    {
        if (!InitChunk.TryParse(chunk, out var init) || init!.InitiateTag == 0)
        {
            return;
        }

        if (InitRefusal.OfInit(init) is { } abort)
        {
            // RFC 9260 5.1: with the tag of the INIT; nothing changes here.
            _control.AddAlone(init.InitiateTag, abort);
        }
        else
        {
            _control.AddAlone(init.InitiateTag, Identity.AnswerInit(init, state, now));
        }
    }

    /// <summary>Takes an INIT ACK in <see cref="SctpAssociationState.CookieWait"/>.</summary>
    public HandshakeStep OnInitAck(ChunkView chunk, TimeSpan timeout, Instant now)
    {
        if (!InitChunk.TryParse(chunk, out var initAck))
        {
            return HandshakeStep.Discard;
        }

        if (InitRefusal.OfInitAck(initAck!, out var isFinal) is { } abort)
        {
            // RFC 9260 3.3.3: the peer hears of it.
            _control.AddAlone(initAck!.InitiateTag != 0 ? initAck.InitiateTag : Identity.LocalTag, abort);
            return isFinal ? HandshakeStep.Unacceptable : HandshakeStep.Discard;
        }

        Identity.OnInitAck(initAck!, now);
        _attempts = 0;
        _isCookieEchoDue = true;
        Deadline = now + timeout;
        return HandshakeStep.PeerKnown;
    }

    /// <summary>Takes a COOKIE ECHO in any state.</summary>
    public HandshakeStep OnCookieEcho(ChunkView chunk, uint packetTag, SctpAssociationState state, Instant now)
    {
        switch (Identity.OnCookieEcho(chunk.Value, packetTag, state, now, out var cookie, out var staleness))
        {
            case CookieOutcome.Discard:
                return HandshakeStep.Discard;
            case CookieOutcome.Stale:
                // RFC 9260 5.2.4 (3): how stale, in microseconds.
                var microseconds = new byte[sizeof(uint)];
                BinaryPrimitives.WriteUInt32BigEndian(microseconds, (uint)Math.Min(uint.MaxValue, staleness.TotalMicroseconds));
                _control.AddAlone(cookie!.PeerTag, ErrorChunk.Encode(CauseCode.StaleCookie, microseconds));
                return HandshakeStep.Discard;
            case CookieOutcome.ShuttingDown:
                _control.Add(ErrorChunk.Encode(CauseCode.CookieReceivedWhileShuttingDown, []));
                return HandshakeStep.ShuttingDown;
            case CookieOutcome.Confirm:
                _isCookieAckDue = true;
                return HandshakeStep.None;
            case CookieOutcome.Establish:
                _isCookieAckDue = true;
                return HandshakeStep.Established;
            case CookieOutcome.Restart:
                _isCookieAckDue = true;
                return HandshakeStep.Restarted;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Takes an ERROR in <see cref="SctpAssociationState.CookieEchoed"/>: RFC 9260 5.2.6, a stale cookie is asked for again.</summary>
    public HandshakeStep OnError(ChunkView chunk, TimeSpan timeout, Instant now)
    {
        if (!ErrorChunk.HasCause(chunk, CauseCode.StaleCookie))
        {
            return HandshakeStep.None;
        }

        _isCookieEchoDue = false;
        Identity.ForgetPeer();
        SendInit(timeout, now);
        return HandshakeStep.BeginAgain;
    }

    /// <summary>T1 has expired (RFC 9260, 5.1 and 6.3.3).</summary>
    public void OnTimeout(SctpAssociationState state, TimeSpan timeout, Instant now)
    {
        _attempts++;
        Deadline = IsExhausted ? null : now + timeout;
        if (IsExhausted)
        {
            return;
        }

        if (state == SctpAssociationState.CookieWait)
        {
            SendInit(timeout, now);
        }
        else
        {
            _isCookieEchoDue = true;
        }
    }

    /// <summary>The handshake is over.</summary>
    public void OnEstablished()
    {
        _isCookieEchoDue = false;
        _attempts = 0;
        Deadline = null;
    }

    /// <summary>Adds COOKIE ECHO if it is due; data may follow it in the packet (RFC 9260, 5.1).</summary>
    public bool TryWriteCookieEcho(ref PacketWriter packet)
    {
        if (!_isCookieEchoDue || Identity.CookieToEcho is not { } cookie || packet.Remaining < ChunkView.HeaderLength + Padding.RoundUp(cookie.Length))
        {
            return false;
        }

        _isCookieEchoDue = false;
        cookie.CopyTo(packet.AddChunk(ChunkType.CookieEcho, 0, cookie.Length));
        return true;
    }

    /// <summary>Adds COOKIE ACK if it is due.</summary>
    public void WriteCookieAck(ref PacketWriter packet)
    {
        if (_isCookieAckDue)
        {
            _isCookieAckDue = false;
            packet.AddChunk(ChunkType.CookieAck, 0, 0);
        }
    }

    /// <summary>Stops.</summary>
    public void Stop() => Deadline = null;
}
