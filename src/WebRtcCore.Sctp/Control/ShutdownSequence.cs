using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Control;

/// <summary>The end in order (RFC 9260, 9.2): SHUTDOWN or SHUTDOWN ACK, repeated by timer T2 until it is answered.</summary>
internal sealed class ShutdownSequence
{
    private readonly SctpOptions _options;
    private int _attempts;
    private bool _isDue;

    /// <summary>Creates a sequence that has not begun.</summary>
    public ShutdownSequence(SctpOptions options) => _options = options;

    /// <summary>When T2 expires.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Whether the peer has not answered often enough.</summary>
    public bool IsExhausted => _attempts > _options.MaxRetransmissions;

    /// <summary>A step of the sequence begins: its chunk is due.</summary>
    public void Begin(TimeSpan timeout, Instant now)
    {
        _attempts = 0;
        _isDue = true;
        Deadline = now + timeout;
    }

    /// <summary>The chunk is due once more, without waiting for the timer: the peer seems to have missed it, or has sent data.</summary>
    public void Repeat() => _isDue = true;

    /// <summary>RFC 9260 9.2: whatever arrives while SHUTDOWN is under way shows that the peer is there and still has data; the timer begins anew.</summary>
    public void OnPeerHeard(TimeSpan timeout, Instant now)
    {
        _attempts = 0;
        Deadline = now + timeout;
    }

    /// <summary>T2 has expired.</summary>
    public void OnTimeout(TimeSpan timeout, Instant now)
    {
        _attempts++;
        _isDue = true;
        Deadline = now + timeout;
    }

    /// <summary>Adds the chunk that belongs to the state, if it is due.</summary>
    public void Write(ref PacketWriter packet, SctpAssociationState state, Tsn cumulative)
    {
        if (!_isDue || packet.Remaining < ShutdownChunk.Length)
        {
            return;
        }

        _isDue = false;
        if (state == SctpAssociationState.ShutdownSent)
        {
            ShutdownChunk.Write(ref packet, cumulative);
        }
        else if (state == SctpAssociationState.ShutdownAckSent)
        {
            packet.AddChunk(ChunkType.ShutdownAck, 0, 0);
        }
    }

    /// <summary>Stops.</summary>
    public void Stop()
    {
        Deadline = null;
        _isDue = false;
    }
}
