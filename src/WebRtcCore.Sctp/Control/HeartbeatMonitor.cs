using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Control;

/// <summary>Is the peer still there (RFC 9260, 8.1 to 8.3)? Counts what stays unanswered, and asks when nothing else does.</summary>
internal sealed class HeartbeatMonitor
{
    private const int InformationLength = 16;
    private const int MostBackOff = 10;

    // Whole seconds, as the consent checks of ICE: associations that share a clock then wake their process for many at once.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly SctpOptions _options;
    private readonly IRandomSource _random;
    private Instant _lastHeard;
    private ulong _nonce;
    private Instant _askedAt;

    /// <summary>Creates a monitor that is off.</summary>
    public HeartbeatMonitor(SctpOptions options, IRandomSource random)
    {
        _options = options;
        _random = random;
    }

    /// <summary>When <see cref="OnTimeout"/> is due.</summary>
    public Instant? Deadline { get; private set => field = value?.RoundUp(Tick); }

    /// <summary>Timeouts in a row without an answer.</summary>
    public int Errors { get; private set; }

    /// <summary>Whether the peer is to be given up (RFC 9260, 8.1).</summary>
    public bool IsPeerUnreachable => Errors > _options.MaxRetransmissions;

    /// <summary>Starts watching.</summary>
    public void Start(Instant now)
    {
        _lastHeard = now;
        Errors = 0;
        Deadline = _options.HeartbeatInterval > TimeSpan.Zero ? now + _options.HeartbeatInterval : null;
    }

    /// <summary>Stops watching.</summary>
    public void Stop() => Deadline = null;

    /// <summary>Notes an answer: a SACK or a HEARTBEAT ACK.</summary>
    public void OnAnswer(Instant now)
    {
        _lastHeard = now;
        Errors = 0;
    }

    /// <summary>Notes a timeout of something sent.</summary>
    public void OnUnanswered() => Errors++;

    /// <summary>Takes the deadline; returns a HEARTBEAT to send if it is time for one.</summary>
    public byte[]? OnTimeout(TimeSpan retransmissionTimeout, Instant now)
    {
        if (Deadline is not { } deadline || deadline > now)
        {
            return null;
        }

        if (_nonce != 0)
        {
            OnUnanswered();
        }

        var quietUntil = _lastHeard + _options.HeartbeatInterval;
        if (_nonce == 0 && quietUntil > now)
        {
            Deadline = quietUntil;
            return null;
        }

        _nonce = _random.NextUInt64() | 1;
        _askedAt = now;

        // RFC 9260 8.3: one per interval and timeout, a little spread; the timeout backs off while nothing is answered.
        var backedOff = TimeSpan.FromTicks(Math.Min(retransmissionTimeout.Ticks << Math.Min(Errors, MostBackOff), _options.MaxRetransmissionTimeout.Ticks));
        Deadline = now + _options.HeartbeatInterval + (backedOff * (0.5 + _random.NextDouble()));
        Span<byte> information = stackalloc byte[InformationLength];
        BinaryPrimitives.WriteUInt64BigEndian(information, _nonce);
        BinaryPrimitives.WriteInt64BigEndian(information[8..], now.Ticks);
        return HeartbeatChunk.Encode(information);
    }

    /// <summary>Takes a HEARTBEAT ACK; one that answers no question of ours is ignored.</summary>
    public bool OnAck(ChunkView ack, Instant now, out TimeSpan roundTripTime)
    {
        roundTripTime = now - _askedAt;
        if (_nonce == 0
            || !HeartbeatChunk.TryParse(ack, out var information)
            || information.Length != InformationLength
            || BinaryPrimitives.ReadUInt64BigEndian(information) != _nonce)
        {
            return false;
        }

        _nonce = 0;
        OnAnswer(now);
        Deadline = now + _options.HeartbeatInterval;
        return true;
    }
}
