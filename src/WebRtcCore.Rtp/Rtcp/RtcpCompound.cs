namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// The packets of one RTCP datagram, for <see langword="foreach"/>: a compound (RFC 3550, 6.1) or a reduced-size packet (RFC 5506).
/// It borrows the datagram.
/// </summary>
public readonly ref struct RtcpCompound
{
    private readonly ReadOnlySpan<byte> _datagram;

    private RtcpCompound(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>Checks that <paramref name="datagram"/> consists of whole RTCP packets and nothing else.</summary>
    /// <remarks>
    /// The rules of RFC 3550 A.2 on the first packet's type are not applied: reduced-size packets start with feedback.
    /// </remarks>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtcpCompound compound)
    {
        compound = default;
        var rest = datagram;
        do
        {
            if (!RtcpPacketView.TryTake(rest, out var packet))
            {
                return false;
            }

            rest = rest[packet.Packet.Length..];
        }
        while (rest.Length > 0);

        compound = new RtcpCompound(datagram);
        return true;
    }

    /// <summary>Starts at the first packet.</summary>
    public Enumerator GetEnumerator() => new(_datagram);

    /// <summary>Walks over the packets.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private RtcpPacketView _current;

        internal Enumerator(ReadOnlySpan<byte> datagram) => _rest = datagram;

        /// <summary>The packet that the last <see cref="MoveNext"/> came to.</summary>
        public readonly RtcpPacketView Current => _current;

        /// <summary>Goes to the next packet.</summary>
        public bool MoveNext()
        {
            if (!RtcpPacketView.TryTake(_rest, out _current))
            {
                return false;
            }

            _rest = _rest[_current.Packet.Length..];
            return true;
        }
    }
}
