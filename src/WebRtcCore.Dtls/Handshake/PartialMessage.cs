using WebRtcCore.Dtls.Messages;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>A handshake message of which some fragments may still be missing.</summary>
internal sealed class PartialMessage
{
    // A sender cuts a message into adjoining pieces; more holes than this are not what a network makes of one.
    private const int MaxRanges = 64;
    private readonly byte[] _encoded;
    private readonly List<(int Start, int End)> _received = [];

    public PartialMessage(in HandshakeHeader header, ushort epoch)
    {
        Type = header.Type;
        Epoch = epoch;
        Sequence = header.Sequence;
        MessageLength = header.MessageLength;
        _encoded = new byte[HandshakeHeader.Length + header.MessageLength];
        var writer = new SpanWriter(_encoded);
        (header with { FragmentOffset = 0, FragmentLength = header.MessageLength }).Write(ref writer);
    }

    public HandshakeType Type { get; }

    public ushort Epoch { get; }

    public ushort Sequence { get; }

    public int MessageLength { get; }

    /// <summary>How many fragments have contradicted what is here.</summary>
    public int Conflicts { get; set; }

    public bool IsComplete => MessageLength == 0 || (_received.Count == 1 && _received[0] == (0, MessageLength));

    /// <summary>Whether a fragment says it is part of the same message.</summary>
    public bool IsSame(in HandshakeHeader header) => header.Type == Type && header.MessageLength == MessageLength;

    public HandshakeMessage ToMessage() => new(Type, Epoch, _encoded);

    /// <summary>Adds what is new of a fragment; bytes that are there already stay as they are. <see langword="false"/> if it does not fit the message.</summary>
    public bool TryAdd(in HandshakeHeader header, ReadOnlySpan<byte> fragment)
    {
        if (!IsSame(header) || (fragment.IsEmpty && MessageLength != 0) || _received.Count >= MaxRanges)
        {
            return false;
        }

        var position = header.FragmentOffset;
        var end = position + fragment.Length;
        var body = _encoded.AsSpan(HandshakeHeader.Length);
        foreach (var (start, stop) in _received)
        {
            if (position < start && position < end)
            {
                var gapEnd = Math.Min(start, end);
                fragment.Slice(position - header.FragmentOffset, gapEnd - position).CopyTo(body[position..]);
            }

            position = Math.Max(position, stop);
        }

        if (position < end)
        {
            fragment[(position - header.FragmentOffset)..].CopyTo(body[position..]);
        }

        Merge(header.FragmentOffset, end);
        return true;
    }

    // Keeps the ranges sorted, disjoint and not adjoining.
    private void Merge(int start, int end)
    {
        var at = 0;
        while (at < _received.Count && _received[at].End < start)
        {
            at++;
        }

        while (at < _received.Count && _received[at].Start <= end)
        {
            start = Math.Min(start, _received[at].Start);
            end = Math.Max(end, _received[at].End);
            _received.RemoveAt(at);
        }

        _received.Insert(at, (start, end));
    }
}
