using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Where repair packets have numbers of the stream itself (ULPFEC in RED), nobody sends a lost one again. This tells them from lost media: what is missing between the
/// last packet of a picture and the first of the next can be nothing else. VP8 and VP9 number their pictures; of others nothing is known.
/// </summary>
internal sealed class RepairGaps
{
    // Ends and starts of this many pictures, for those that come again out of order.
    private const int Capacity = 16;

    private readonly Edge[] _ends = new Edge[Capacity];
    private readonly Edge[] _starts = new Edge[Capacity];
    private int _endCount;
    private int _startCount;

    /// <summary>Takes in a packet of media.</summary>
    /// <param name="packet">The packet, without RED.</param>
    /// <param name="mimeType">What is in it.</param>
    /// <param name="number">Its extended sequence number.</param>
    /// <param name="after">The last packet of the picture before the gap.</param>
    /// <param name="before">The first packet of the picture behind it.</param>
    /// <returns>Whether it shows that nothing but repair packets was between two others.</returns>
    public bool TryFind(RtpPacketView packet, string? mimeType, long number, out long after, out long before)
    {
        (after, before) = (number, number);
        if (!TryReadPicture(packet.Payload, mimeType, out var picture, out var bits, out var isStart))
        {
            return false;
        }

        // A packet that is both closes one gap at a time: that before it is the one that is asked for first.
        var mask = (1 << bits) - 1;
        if (packet.Marker && TryFindEdge(_starts, (picture + 1) & mask, number, isBefore: false, out var start))
        {
            before = start;
        }

        if (isStart && TryFindEdge(_ends, (picture - 1) & mask, number, isBefore: true, out var end))
        {
            (after, before) = (end, number);
        }

        if (isStart)
        {
            _starts[_startCount++ % Capacity] = new Edge(number, picture, true);
        }

        if (packet.Marker)
        {
            _ends[_endCount++ % Capacity] = new Edge(number, picture, true);
        }

        return before - after > 1;
    }

    private static bool TryFindEdge(Edge[] edges, int picture, long number, bool isBefore, out long found)
    {
        found = 0;
        foreach (ref readonly var edge in edges.AsSpan())
        {
            if (edge.IsUsed && edge.Picture == picture && (isBefore ? edge.Number < number : edge.Number > number))
            {
                found = edge.Number;
                return true;
            }
        }

        return false;
    }

    private static bool TryReadPicture(ReadOnlySpan<byte> payload, string? mimeType, out int picture, out int bits, out bool isStart)
    {
        if (Is(mimeType, "video/VP8"))
        {
            var isRead = Vp8PayloadDescriptor.TryParse(payload, out var vp8) && vp8.PictureId is not null;
            (picture, bits, isStart) = (vp8.PictureId ?? 0, vp8.PictureIdBits, vp8.IsFrameStart);
            return isRead;
        }

        if (Is(mimeType, "video/VP9"))
        {
            var isRead = Vp9PayloadDescriptor.TryParse(payload, out var vp9) && vp9.PictureId is not null;
            (picture, bits, isStart) = (vp9.PictureId ?? 0, vp9.PictureIdBits, vp9.IsPictureStart);
            return isRead;
        }

        (picture, bits, isStart) = (0, 0, false);
        return false;
    }

    private static bool Is(string? mimeType, string name) => name.Equals(mimeType, StringComparison.OrdinalIgnoreCase);

    private readonly record struct Edge(long Number, int Picture, bool IsUsed);
}
