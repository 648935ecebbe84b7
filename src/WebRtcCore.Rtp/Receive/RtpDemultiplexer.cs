using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Fec;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Finds the receiver and stream of a packet in a BUNDLE group (RFC 8843, 9.2): by MID, by an SSRC seen or announced before, by a
/// payload type that only one receiver has. Learns SSRCs on the way; how many is bounded.
/// </summary>
internal sealed class RtpDemultiplexer(RtpSessionOptions options, Action<RtpReceiveStream> onAdded, Action<RtpReceiveStream> onRemoved)
{
    private const int PayloadTypes = 128;
    private static readonly TimeSpan MinSilence = TimeSpan.FromSeconds(10);

    private readonly List<ReceiverState> _receivers = [];
    private readonly Dictionary<uint, RtpSource> _sources = [];
    private readonly Dictionary<uint, Announcement> _announced = [];
    // Empty while there is no receiver.
    private ReceiverState?[] _byPayloadType = [];
    private RtpSource? _last;

    /// <summary>The streams of all receivers.</summary>
    public List<RtpReceiveStream> Streams { get; } = [];

    /// <summary>The feedback that any receiver has agreed on.</summary>
    public RtcpFeedbackKinds Feedback { get; private set; }

    /// <summary>Whether feedback on the transport as a whole may go out without a report in front (RFC 5506): all receivers allow it.</summary>
    public bool AllowsReducedSize => _receivers.Count > 0 && _receivers.TrueForAll(r => r.Options.ReducedSize);

    /// <summary>Sets the receivers. Streams of receivers that stay, by MID, stay; the others end.</summary>
    public void SetReceivers(IReadOnlyList<RtpReceiverOptions> receivers)
    {
        var states = new List<ReceiverState>(receivers.Count);
        foreach (var receiver in receivers)
        {
            states.Add(new ReceiverState(receiver));
        }

        _receivers.Clear();
        _receivers.AddRange(states);
        _last = null;
        foreach (var source in _sources.Values.ToArray())
        {
            if (FindByMid(source.Receiver.Options.Mid) is { } receiver)
            {
                source.Receiver = receiver;
            }
            else
            {
                Remove(source);
            }
        }

        foreach (var stream in Streams)
        {
            stream.State = FindByMid(stream.Receiver.Mid)!;
            stream.State.Streams.Add(stream);
        }

        BuildTables();
    }

    /// <summary>Finds what <paramref name="packet"/> belongs to.</summary>
    public bool TryRoute(RtpPacketView packet, in IncomingExtensions extensions, Instant now, out RtpSource source)
    {
        var known = Find(packet.Ssrc);
        if (known is null || extensions.Mid.Length > 0 || (known.Stream.Rid is null && extensions.Rid.Length > 0))
        {
            known = RouteWithExtensions(packet, extensions, known, now);
        }

        // RFC 8843 9.2: a packet whose payload type its media section does not have is dropped.
        if (known is null || known.Receiver.Formats[packet.PayloadType] is null)
        {
            source = null!;
            return false;
        }

        known.LastActive = now;
        source = known;
        return true;
    }

    /// <summary>The stream with the given SSRC, not counting retransmission streams.</summary>
    public RtpReceiveStream? FindStream(Ssrc ssrc) => Find(ssrc) is { IsRetransmission: false } source ? source.Stream : null;

    /// <summary>Ends a source; with a stream go its retransmissions.</summary>
    public void Remove(Ssrc ssrc)
    {
        if (Find(ssrc) is { } source)
        {
            Remove(source);
        }
    }

    private RtpSource? RouteWithExtensions(RtpPacketView packet, in IncomingExtensions extensions, RtpSource? known, Instant now)
    {
        var receiver = known?.Receiver;
        if (extensions.Mid.Length > 0)
        {
            // RFC 8843 9.2: an unknown MID drops the packet, another one than before moves the SSRC.
            receiver = FindByMid(extensions.Mid);
            if (receiver is null)
            {
                return null;
            }

            if (known is not null && known.Receiver != receiver)
            {
                Remove(known);
                known = null;
            }
        }

        known ??= Learn(packet, extensions, receiver, now);
        if (known is { IsRetransmission: false, Stream.Rid: null } && extensions.Rid.Length > 0)
        {
            known.Stream.Rid = known.Receiver.FindRid(extensions.Rid);
        }

        return known;
    }

    private RtpSource? Learn(RtpPacketView packet, in IncomingExtensions extensions, ReceiverState? receiver, Instant now)
    {
        _announced.TryGetValue(packet.Ssrc.Value, out var announcement);
        receiver ??= announcement.Receiver ?? (_byPayloadType.Length == 0 ? null : _byPayloadType[packet.PayloadType.Value]);
        if (receiver?.Formats[packet.PayloadType] is not { } format || !TryMakeRoom(now))
        {
            return null;
        }

        var isFlexFec = format == receiver.Formats.FlexFec;
        var isRetransmission = isFlexFec || format.AssociatedPayloadType is not null;
        RtpReceiveStream? stream;
        if (isRetransmission)
        {
            stream = isFlexFec ? FindProtected(packet, receiver) : FindRepaired(announcement, extensions, receiver);
            if (stream is null)
            {
                return null;
            }
        }
        else
        {
            stream = new RtpReceiveStream(packet.Ssrc, receiver, options);
            receiver.Streams.Add(stream);
            Streams.Add(stream);
        }

        var source = new RtpSource(packet.Ssrc, receiver, stream, isRetransmission) { LastActive = now };
        _sources.Add(packet.Ssrc.Value, source);
        if (isFlexFec)
        {
            stream.FecSsrc = packet.Ssrc;
        }
        else if (isRetransmission)
        {
            stream.RetransmissionSsrc = packet.Ssrc;
        }

        if (!isRetransmission)
        {
            if (extensions.Rid.Length > 0)
            {
                stream.Rid = receiver.FindRid(extensions.Rid);
            }

            onAdded(stream);
        }

        return source;
    }

    // Which stream a retransmission stream repairs is announced (ssrc-group FID), or said by the repaired RID, or clear because there is
    // only one. Otherwise its packets have to wait until it is.
    private RtpReceiveStream? FindRepaired(Announcement announcement, in IncomingExtensions extensions, ReceiverState receiver)
    {
        if (announcement.Repaired is { } repaired)
        {
            return FindStream(repaired);
        }

        if (extensions.RepairedRid.Length > 0 && receiver.FindRid(extensions.RepairedRid) is { } rid)
        {
            return receiver.Streams.Find(s => s.Rid == rid);
        }

        return receiver.Streams.Count == 1 ? receiver.Streams[0] : null;
    }

    // A repair packet names the stream that it protects.
    private RtpReceiveStream? FindProtected(RtpPacketView packet, ReceiverState receiver) =>
        FecHeader.TryParseFlexFec(packet.Payload, out var header) && FindStream(header.ProtectedSsrc) is { } stream && stream.State == receiver ? stream : null;

    private bool TryMakeRoom(Instant now)
    {
        if (_sources.Count < options.MaxReceiveStreams)
        {
            return true;
        }

        var oldest = _sources.Values.MinBy(s => s.LastActive.Ticks);
        if (oldest is null || now - oldest.LastActive < MinSilence)
        {
            return false;
        }

        Remove(oldest);
        return true;
    }

    private void Remove(RtpSource source)
    {
        _last = null;
        _sources.Remove(source.Ssrc.Value);
        if (source.IsRetransmission)
        {
            return;
        }

        foreach (var repair in _sources.Values.Where(s => s.Stream == source.Stream).ToArray())
        {
            _sources.Remove(repair.Ssrc.Value);
        }

        source.Stream.State.Streams.Remove(source.Stream);
        Streams.Remove(source.Stream);
        onRemoved(source.Stream);
    }

    private RtpSource? Find(Ssrc ssrc)
    {
        if (_last is not null && _last.Ssrc == ssrc)
        {
            return _last;
        }

        if (_sources.TryGetValue(ssrc.Value, out var source))
        {
            _last = source;
        }

        return source;
    }

    private void BuildTables()
    {
        _announced.Clear();
        _byPayloadType = _receivers.Count == 0 ? [] : new ReceiverState?[PayloadTypes];
        Span<byte> users = stackalloc byte[_byPayloadType.Length];
        users.Clear();
        Feedback = RtcpFeedbackKinds.None;
        foreach (var receiver in _receivers)
        {
            Feedback |= receiver.Formats.AllFeedback;
            foreach (var pair in receiver.Options.Ssrcs)
            {
                _announced[pair.Media.Value] = new Announcement(receiver, null);
                if (pair.Retransmission is { } retransmission)
                {
                    _announced[retransmission.Value] = new Announcement(receiver, pair.Media);
                }
            }

            for (byte i = 0; i < _byPayloadType.Length; i++)
            {
                if (receiver.Formats[new PayloadType(i)] is not null)
                {
                    // RFC 8843 9.2: a payload type tells the media section only if no other one has it.
                    _byPayloadType[i] = ++users[i] == 1 ? receiver : null;
                }
            }
        }
    }

    private ReceiverState? FindByMid(ReadOnlySpan<byte> mid)
    {
        foreach (var receiver in _receivers)
        {
            if (receiver.HasMid(mid))
            {
                return receiver;
            }
        }

        return null;
    }

    private ReceiverState? FindByMid(string mid) => _receivers.Find(r => r.Options.Mid == mid);

    private readonly record struct Announcement(ReceiverState? Receiver, Ssrc? Repaired);
}
