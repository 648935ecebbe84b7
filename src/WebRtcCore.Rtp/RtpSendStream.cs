using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp;

/// <summary>
/// One stream that an <see cref="RtpSession"/> sends: numbers the packets, adds the header extensions, keeps the packets for
/// retransmission and counts. Packets are written into the caller's buffer; encrypting and sending them is the caller's.
/// </summary>
public sealed class RtpSendStream
{
    private readonly RtpSendContext _context;
    private OutgoingPacketWriter _writer;
    private PayloadFormatTable _formats;
    private RetransmissionCache? _cache;
    private readonly PacketForwarding _forwarding = new();
    private readonly KeyFrameRequestFilter _keyFrameRequests;
    private readonly RemoteReportTracker _remote = new();
    private ushort _nextSequenceNumber;
    private ushort _nextRetransmissionSequenceNumber;
    private uint _lastTimestampTicks;
    private int _lastClockRate;
    private Instant? _lastSent;
    private RtpSendStreamStats _stats;

    internal RtpSendStream(RtpSendStreamOptions options, RtpSendContext context, IRandomSource random)
    {
        Options = options;
        _context = context;
        _formats = new PayloadFormatTable(options.PayloadTypes);
        _writer = new OutgoingPacketWriter(options, context);
        _keyFrameRequests = new KeyFrameRequestFilter(context.Options.KeyFrameRequestInterval);
        _cache = CreateCache();

        // RFC 3550 5.1: random starts. In the lower half, so that the peer sees the first rollover after its first packets
        // (RFC 3711 3.3.1 cannot tell otherwise), and not near zero, so that a forwarded packet older than the first has a number.
        _nextSequenceNumber = (ushort)(0x0400 | (random.NextUInt16() & 0x7FFF));
        _nextRetransmissionSequenceNumber = (ushort)(0x0400 | (random.NextUInt16() & 0x7FFF));
    }

    /// <summary>What the stream is.</summary>
    public RtpSendStreamOptions Options { get; private set; }

    /// <summary>The stream's SSRC.</summary>
    public Ssrc Ssrc => Options.Ssrc;

    /// <summary>The number that the next packet of <see cref="TryWritePacket(Span{byte}, ReadOnlySpan{byte}, PayloadType, uint, bool, Instant, out int)"/> gets.</summary>
    public ushort NextSequenceNumber => _nextSequenceNumber;

    internal string Cname => Options.Cname ?? _context.Options.Cname;

    internal KeyFrameRequestFilter KeyFrameRequests => _keyFrameRequests;

    internal bool HasSent => _lastSent is not null;

    /// <summary>Writes the next packet.</summary>
    /// <param name="destination">Where the packet goes, borrowed; leave room behind it for SRTP.</param>
    /// <param name="payload">The payload, borrowed.</param>
    /// <param name="payloadType">One of the stream's payload types.</param>
    /// <param name="timestampTicks">The RTP timestamp in ticks of the payload type's clock rate.</param>
    /// <param name="marker">The marker bit.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The packet's length, or 0.</param>
    /// <returns><see langword="false"/> if <paramref name="destination"/> is too short; nothing has changed then.</returns>
    /// <exception cref="ArgumentException">The payload type is not one of the stream's.</exception>
    public bool TryWritePacket(
        Span<byte> destination,
        ReadOnlySpan<byte> payload,
        PayloadType payloadType,
        uint timestampTicks,
        bool marker,
        Instant now,
        out int length) =>
        TryWritePacket(destination, payload, payloadType, timestampTicks, marker, default, now, out length);

    /// <summary>Writes the next packet with header extensions that only the application knows.</summary>
    /// <param name="destination">Where the packet goes, borrowed; leave room behind it for SRTP.</param>
    /// <param name="payload">The payload, borrowed.</param>
    /// <param name="payloadType">One of the stream's payload types.</param>
    /// <param name="timestampTicks">The RTP timestamp in ticks of the payload type's clock rate.</param>
    /// <param name="marker">The marker bit.</param>
    /// <param name="extensions">The application's header extensions.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The packet's length, or 0.</param>
    /// <returns><see langword="false"/> if <paramref name="destination"/> is too short; nothing has changed then.</returns>
    /// <exception cref="ArgumentException">The payload type is not one of the stream's.</exception>
    public bool TryWritePacket(
        Span<byte> destination,
        ReadOnlySpan<byte> payload,
        PayloadType payloadType,
        uint timestampTicks,
        bool marker,
        in RtpOutgoingExtensions extensions,
        Instant now,
        out int length)
    {
        var format = RequireFormat(payloadType);
        length = 0;
        if (destination.Length < RtpPacketView.FixedHeaderLength)
        {
            return false;
        }

        var writer = new RtpPacketWriter(destination, Ssrc, payloadType, _nextSequenceNumber, timestampTicks, marker);
        if (!_writer.TryAddOwnExtensions(ref writer, now, out var number)
            || !_writer.TryAddExtensions(ref writer, extensions)
            || !writer.TryAddPayload(payload))
        {
            return false;
        }

        length = writer.Complete();
        OnSent(destination[..length], _nextSequenceNumber, format, timestampTicks, payload.Length, number, now);
        _nextSequenceNumber++;
        return true;
    }

    /// <summary>
    /// Writes a whole RTP packet of another stream as a packet of this one: SSRC, payload type, sequence number, timestamp and the
    /// header extensions' identifiers are rewritten; order and gaps of the source stay. Of the header extensions, MID, RID,
    /// send time and transport sequence number are this stream's own; others are carried over where both sides have agreed on them.
    /// </summary>
    /// <remarks>When the packets start to come from another SSRC, numbers and timestamps go on from where they are.</remarks>
    /// <param name="destination">Where the packet goes, borrowed, not overlapping <paramref name="packet"/>; leave room behind it for SRTP.</param>
    /// <param name="packet">The packet to forward, borrowed.</param>
    /// <param name="sourceExtensions">What the identifiers in <paramref name="packet"/> mean, or <see langword="null"/> to drop its extensions.</param>
    /// <param name="payloadType">One of this stream's payload types.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The packet's length, or 0.</param>
    /// <returns><see langword="false"/> if <paramref name="destination"/> is too short or <paramref name="packet"/> is no RTP packet.</returns>
    /// <exception cref="ArgumentException">The payload type is not one of the stream's.</exception>
    public bool TryForwardPacket(
        Span<byte> destination,
        ReadOnlySpan<byte> packet,
        RtpHeaderExtensionMap? sourceExtensions,
        PayloadType payloadType,
        Instant now,
        out int length)
    {
        var format = RequireFormat(payloadType);
        length = 0;
        if (destination.Length < RtpPacketView.FixedHeaderLength || !RtpPacketView.TryParse(packet, out var source))
        {
            return false;
        }

        var place = _forwarding.Map(source, _nextSequenceNumber, EstimateTimestamp(now, format.ClockRate));
        var writer = new RtpPacketWriter(destination, Ssrc, payloadType, place.SequenceNumber, place.TimestampTicks, source.Marker);
        for (var i = 0; i < source.CsrcCount; i++)
        {
            if (!writer.TryAddCsrc(source.GetCsrc(i)))
            {
                return false;
            }
        }

        if (!_writer.TryAddOwnExtensions(ref writer, now, out var number)
            || !_writer.TryCopyExtensions(ref writer, source, sourceExtensions)
            || !writer.TryAddPayload(source.Payload)
            || (source.PaddingLength > 0 && !writer.TryAddPadding(source.PaddingLength)))
        {
            return false;
        }

        length = writer.Complete();
        _forwarding.Commit(source, place);
        if (SerialNumber.IsAfter((ushort)(place.SequenceNumber + 1), _nextSequenceNumber))
        {
            _nextSequenceNumber = (ushort)(place.SequenceNumber + 1);
        }

        OnSent(destination[..length], place.SequenceNumber, format, place.TimestampTicks, source.Payload.Length, number, now);
        return true;
    }

    /// <summary>The figures up to now.</summary>
    public RtpSendStreamStats GetStats() => _remote.AddTo(_stats with { PliCount = _keyFrameRequests.PliCount, FirCount = _keyFrameRequests.FirCount });

    /// <summary>Takes over renegotiated options. Numbers, timestamps and the cache go on: the SSRC's SRTP index must never start again.</summary>
    internal void Update(RtpSendStreamOptions options)
    {
        Options = options;
        _formats = new PayloadFormatTable(options.PayloadTypes);
        _writer = new OutgoingPacketWriter(options, _context);
        _cache ??= CreateCache();
    }

    /// <summary>Follows a change of the session's header extensions.</summary>
    internal void OnHeaderExtensionsChanged() => _writer.UpdateIdentifiers();

    /// <summary>The RTP timestamp that belongs to <paramref name="now"/>, going on from the last packet sent.</summary>
    internal uint EstimateTimestamp(Instant now, int clockRate) =>
        _lastSent is { } sent ? _lastTimestampTicks + RtpClock.ToTicks(now - sent, clockRate) : _lastTimestampTicks;

    /// <summary>Takes in what the peer reports about the stream, or about its retransmissions.</summary>
    internal void OnReportBlock(in ReportBlock block, TimeSpan? roundTripTime)
    {
        // RFC 8843 14: a report shows that the peer knows the SSRC, so MID and RID have done their work.
        _writer.IsIdentified = true;
        _remote.OnReportBlock(block, roundTripTime, _lastClockRate);
    }

    /// <summary>The sender report at <paramref name="now"/>, without report blocks (RFC 3550, 6.4.1).</summary>
    internal SenderReport CreateSenderReport(Instant now) => new()
    {
        SenderSsrc = Ssrc,
        Ntp = _context.ToNtp(now),
        RtpTimestampTicks = EstimateTimestamp(now, _lastClockRate),
        // Retransmissions count where they are sent: here only if they have no stream of their own.
        PacketCount = (uint)(_stats.PacketsSent - (Options.RetransmissionSsrc is null ? 0 : _stats.RetransmittedPacketsSent)),
        OctetCount = (uint)(_stats.BytesSent - (Options.RetransmissionSsrc is null ? 0 : _stats.RetransmittedBytesSent)),
    };

    internal void OnNackReceived() => _stats = _stats with { NackCount = _stats.NackCount + 1 };

    internal void OnRetransmissionRefused() => _stats = _stats with { RetransmissionsRefused = _stats.RetransmissionsRefused + 1 };

    /// <summary>Whether a packet may be retransmitted now; see <see cref="RetransmissionCache.TryFind"/>.</summary>
    internal bool TryFindForRetransmission(ushort sequenceNumber, Instant now, TimeSpan minInterval, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        return _cache is not null && _cache.TryFind(sequenceNumber, now, minInterval, out packet);
    }

    /// <summary>Writes a retransmission of <paramref name="cached"/>, as RFC 4588 says if agreed, otherwise the packet as it was.</summary>
    internal bool TryWriteRetransmission(Span<byte> destination, ReadOnlySpan<byte> cached, Instant now, out int length)
    {
        length = 0;
        if (!RtpPacketView.TryParse(cached, out var packet))
        {
            return false;
        }

        if (Options.RetransmissionSsrc is { } ssrc && _formats.FindRetransmission(packet.PayloadType) is { } format)
        {
            if (!_writer.TryWriteRetransmission(
                    destination, packet, ssrc, format.PayloadType, _nextRetransmissionSequenceNumber, now, out length, out var number))
            {
                return false;
            }

            _nextRetransmissionSequenceNumber++;
            _context.OnSent(number, length, now);
        }
        else
        {
            // The very bytes: the SRTP packet index is the same, and two different packets under one index would break the cipher.
            if (cached.Length > destination.Length)
            {
                return false;
            }

            cached.CopyTo(destination);
            length = cached.Length;
        }

        _stats = _stats with
        {
            PacketsSent = _stats.PacketsSent + 1,
            BytesSent = _stats.BytesSent + packet.Payload.Length,
            HeaderBytesSent = _stats.HeaderBytesSent + (length - packet.Payload.Length),
            RetransmittedPacketsSent = _stats.RetransmittedPacketsSent + 1,
            RetransmittedBytesSent = _stats.RetransmittedBytesSent + packet.Payload.Length,
        };
        return true;
    }

    private RtpPayloadFormat RequireFormat(PayloadType payloadType) =>
        _formats[payloadType] ?? throw new ArgumentException($"The stream {Ssrc} has no payload type {payloadType}.", nameof(payloadType));

    private void OnSent(
        ReadOnlySpan<byte> packet,
        ushort sequenceNumber,
        RtpPayloadFormat format,
        uint timestampTicks,
        int payloadLength,
        ushort? transportSequenceNumber,
        Instant now)
    {
        if (_lastSent is null)
        {
            _remote.OnFirstPacket(sequenceNumber);
        }

        if (_lastSent is null || SerialNumber.IsAfter(timestampTicks, _lastTimestampTicks))
        {
            _lastTimestampTicks = timestampTicks;
            _lastSent = now;
        }

        _lastClockRate = format.ClockRate;
        _stats = _stats with
        {
            PacketsSent = _stats.PacketsSent + 1,
            BytesSent = _stats.BytesSent + payloadLength,
            HeaderBytesSent = _stats.HeaderBytesSent + (packet.Length - payloadLength),
        };
        _cache?.Add(sequenceNumber, packet, now);
        _context.OnSent(transportSequenceNumber, packet.Length, now);
        _context.OnMediaSent(packet.Length, now);
    }

    private RetransmissionCache? CreateCache() =>
        Options.MaxRetransmissionCacheBytes > 0 && (_formats.AllFeedback & RtcpFeedbackKinds.Nack) != 0
            ? new RetransmissionCache(Options.MaxRetransmissionCacheBytes)
            : null;
}
