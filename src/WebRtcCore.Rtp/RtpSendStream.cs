using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
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
    private SendProtection? _protection;
    private readonly PacketForwarding _forwarding = new();
    private readonly KeyFrameRequestFilter _keyFrameRequests;
    private readonly RemoteReportTracker _remote = new();
    private ushort _nextSequenceNumber;
    private ushort _nextRetransmissionSequenceNumber;
    private readonly ushort _firstFecSequenceNumber;
    private uint _lastTimestampTicks;
    private RtpPayloadFormat? _lastFormat;
    private Instant? _lastSent;
    private RtpSendStreamStats _stats;
    private ushort _lastSequenceNumber;
    private byte _paddingStep;
    private long _toldTargetBps;

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
        _firstFecSequenceNumber = (ushort)(0x0400 | (random.NextUInt16() & 0x7FFF));
        _protection = SendProtection.Create(null, options, _formats, _firstFecSequenceNumber);
    }

    /// <summary>What the stream is.</summary>
    public RtpSendStreamOptions Options { get; private set; }

    /// <summary>The stream's SSRC.</summary>
    public Ssrc Ssrc => Options.Ssrc;

    /// <summary>The number that the next packet of <see cref="TryWritePacket(Span{byte}, ReadOnlySpan{byte}, PayloadType, uint, bool, Instant, out int)"/> gets.</summary>
    public ushort NextSequenceNumber => _nextSequenceNumber;

    /// <summary>
    /// What congestion control wants the encoder to make, in bits per second of payload; <see langword="null"/> where the peer gives no
    /// feedback. See <see cref="RtpEventKind.TargetBitrateChanged"/>.
    /// </summary>
    public long? TargetBitrateBps { get; private set; }

    /// <summary>
    /// Bytes that a payload must leave free in its packet beside the header, so that it fits with the redundancy that is being sent. Changes with the loss that the
    /// peer reports.
    /// </summary>
    public int ProtectionOverhead => _protection?.Overhead ?? 0;

    internal string Cname => Options.Cname ?? _context.Options.Cname;

    internal KeyFrameRequestFilter KeyFrameRequests => _keyFrameRequests;

    internal bool HasSent => _lastSent is not null;

    /// <summary>When a packet was handed over last.</summary>
    internal Instant? LastSent { get; private set; }

    /// <summary>Whether packets have been given to be sent at their time, not at once.</summary>
    internal bool IsPaced { get; private set; }

    /// <summary>How large its packets are.</summary>
    internal StreamShape Shape { get; } = new();

    /// <summary>Whether the peer tells of each packet that arrives.</summary>
    internal bool HasTransportFeedback =>
        HasStreamFeedback || (_writer.HasTransportNumber && (_formats.AllFeedback & RtcpFeedbackKinds.TransportCc) != 0);

    /// <summary>Whether the peer tells of each packet by its sequence number (RFC 8888).</summary>
    internal bool HasStreamFeedback => (_formats.AllFeedback & RtcpFeedbackKinds.AckCcfb) != 0;

    /// <summary>Whether the peer estimates what it can receive.</summary>
    internal bool HasRemoteEstimate => (_formats.AllFeedback & RtcpFeedbackKinds.GoogRemb) != 0;

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
        RequireFormat(payloadType);
        if (!TryBuild(destination, payload, payloadType, timestampTicks, marker, extensions, now, out length, out var number))
        {
            return false;
        }

        // Redundancy may have been put around it.
        var format = RequireFormat(new PayloadType((byte)(destination[1] & 0x7F)));
        OnSent(destination[..length], _nextSequenceNumber, format, timestampTicks, payload.Length, number, now);
        _nextSequenceNumber++;
        Protect(destination[..length], payload, payloadType, timestampTicks, destination.Length, now);
        return true;
    }

    /// <summary>
    /// Numbers the next packet and lets it wait for its time: <see cref="RtpSession.TryPollTransmit"/> writes it, at once where nothing holds
    /// it back.
    /// </summary>
    /// <param name="maxLength">The most bytes that the packet may have, so that it fits with SRTP.</param>
    /// <param name="payload">The payload, borrowed.</param>
    /// <param name="payloadType">One of the stream's payload types.</param>
    /// <param name="timestampTicks">The RTP timestamp in ticks of the payload type's clock rate.</param>
    /// <param name="marker">The marker bit.</param>
    /// <param name="extensions">The application's header extensions.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="false"/> if it does not fit or too much waits already; nothing has changed then.</returns>
    /// <exception cref="ArgumentException">The payload type is not one of the stream's.</exception>
    public bool TryEnqueuePacket(
        int maxLength,
        ReadOnlySpan<byte> payload,
        PayloadType payloadType,
        uint timestampTicks,
        bool marker,
        in RtpOutgoingExtensions extensions,
        Instant now)
    {
        RequireFormat(payloadType);
        var room = _context.Queue.Reserve(maxLength);
        if (!TryBuild(room, payload, payloadType, timestampTicks, marker, extensions, now, out var length, out _))
        {
            return false;
        }

        _nextSequenceNumber++;
        OnEnqueued(length, now);
        Protect(room[..length], payload, payloadType, timestampTicks, maxLength, now);
        return true;
    }

    /// <summary>Like <see cref="TryForwardPacket"/>, but the packet waits for its time: <see cref="RtpSession.TryPollTransmit"/> writes it.</summary>
    /// <param name="maxLength">The most bytes that the packet may have, so that it fits with SRTP.</param>
    /// <param name="packet">The packet to forward, borrowed.</param>
    /// <param name="sourceExtensions">What the identifiers in <paramref name="packet"/> mean, or <see langword="null"/> to drop its extensions.</param>
    /// <param name="payloadType">One of this stream's payload types.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="false"/> if it does not fit, is no RTP packet, or too much waits already.</returns>
    /// <exception cref="ArgumentException">The payload type is not one of the stream's.</exception>
    public bool TryEnqueueForwarded(
        int maxLength, ReadOnlySpan<byte> packet, RtpHeaderExtensionMap? sourceExtensions, PayloadType payloadType, Instant now)
    {
        var format = RequireFormat(payloadType);
        var room = _context.Queue.Reserve(maxLength);
        if (!TryBuildForwarded(room, packet, sourceExtensions, format, now, out var length, out _, out _, out _))
        {
            return false;
        }

        OnEnqueued(length, now);
        return true;
    }

    /// <summary>
    /// Writes a whole RTP packet of another stream as a packet of this one: SSRC, payload type, sequence number, timestamp and the
    /// header extensions' identifiers are rewritten; order and gaps of the source stay. Of the header extensions, MID, RID,
    /// send time and transport sequence number are this stream's own; others are carried over where both sides have agreed on them.
    /// </summary>
    /// <remarks>
    /// When the packets start to come from another SSRC, numbers and timestamps go on from where they are, and so do the picture numbers of VP8 and VP9.
    /// Packets of it from before that are refused.
    /// </remarks>
    /// <param name="destination">Where the packet goes, borrowed, not overlapping <paramref name="packet"/>; leave room behind it for SRTP.</param>
    /// <param name="packet">The packet to forward, borrowed.</param>
    /// <param name="sourceExtensions">What the identifiers in <paramref name="packet"/> mean, or <see langword="null"/> to drop its extensions.</param>
    /// <param name="payloadType">One of this stream's payload types.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The packet's length, or 0.</param>
    /// <returns><see langword="false"/> if <paramref name="destination"/> is too short, or <paramref name="packet"/> no RTP packet or older than its source's first.</returns>
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
        if (!TryBuildForwarded(destination, packet, sourceExtensions, format, now, out length, out var payloadLength, out var number, out var place))
        {
            return false;
        }

        OnSent(destination[..length], place.SequenceNumber, format, place.TimestampTicks, payloadLength, number, now);
        return true;
    }

    /// <summary>The figures up to now.</summary>
    public RtpSendStreamStats GetStats() => _remote.AddTo(_stats with { PliCount = _keyFrameRequests.PliCount, FirCount = _keyFrameRequests.FirCount });

    /// <summary>Sets what the stream may send; see <see cref="TakeTargetChange"/>.</summary>
    internal void SetTarget(long bitrateBps) => TargetBitrateBps = bitrateBps;

    /// <summary>Whether the target has changed so much since the last answer that the encoder ought to know.</summary>
    internal bool TakeTargetChange()
    {
        const int LeastChangeDivisor = 33;
        if (TargetBitrateBps is not { } target || Math.Abs(target - _toldTargetBps) < Math.Max(1, _toldTargetBps / LeastChangeDivisor))
        {
            return false;
        }

        _toldTargetBps = target;
        return true;
    }

    /// <summary>Writes a packet whose time has come.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="packet">What <see cref="TryEnqueuePacket"/> has written.</param>
    /// <param name="enqueued">When.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The packet's length.</param>
    /// <returns><see langword="false"/> if it can no longer be sent: its payload type is gone.</returns>
    internal bool TrySendQueued(Span<byte> destination, ReadOnlySpan<byte> packet, Instant enqueued, Instant now, out int length)
    {
        length = 0;
        if (packet.Length > destination.Length || !RtpPacketView.TryParse(packet, out var view) || _formats[view.PayloadType] is not { } format)
        {
            return false;
        }

        length = packet.Length;
        packet.CopyTo(destination);
        _writer.Stamp(destination[..length], now, out var number);
        if (_protection?.IsRepair(view) == true)
        {
            OnRepairSent(view, length, number, now);
            return true;
        }

        OnSent(destination[..length], view.SequenceNumber, format, view.TimestampTicks, view.Payload.Length, number, now);
        _stats = _stats with { TotalPacketSendDelay = _stats.TotalPacketSendDelay + (now - enqueued) };
        return true;
    }

    /// <summary>
    /// Writes a packet that only fills the path, on the stream of retransmissions: one of the last packets again, which may even be of use to the peer, or padding.
    /// </summary>
    internal bool TryWritePadding(Span<byte> destination, Instant now, out int length)
    {
        const int Recent = 8;
        length = 0;
        if (!HasSent || Options.RetransmissionSsrc is not { } ssrc || !HasTransportFeedback || _lastFormat is not { } last
            || _formats.FindRetransmission(last.PayloadType) is not { } format)
        {
            return false;
        }

        var sequenceNumber = (ushort)(_lastSequenceNumber - (_paddingStep++ % Recent));
        ushort? number;
        var isWritten = _cache is not null && _cache.TryPeek(sequenceNumber, out var cached) && RtpPacketView.TryParse(cached, out var packet)
                && packet.PayloadType == last.PayloadType
            ? _writer.TryWriteRetransmission(
                destination, packet, ssrc, format.PayloadType, _nextRetransmissionSequenceNumber, now, out length, out number)
            : _writer.TryWritePadding(
                destination, ssrc, format.PayloadType, _nextRetransmissionSequenceNumber, _lastTimestampTicks, now, out length, out number);
        if (!isWritten)
        {
            return false;
        }

        _nextRetransmissionSequenceNumber++;
        _stats = _stats with { PacketsSent = _stats.PacketsSent + 1, HeaderBytesSent = _stats.HeaderBytesSent + length };
        _context.OnSent(destination[..length], number, isRetransmission: false, now);
        return true;
    }

    /// <summary>Takes over renegotiated options. Numbers, timestamps and the cache go on: the SSRC's SRTP index must never start again.</summary>
    internal void Update(RtpSendStreamOptions options)
    {
        Options = options;
        _formats = new PayloadFormatTable(options.PayloadTypes);
        _writer = new OutgoingPacketWriter(options, _context);
        _cache ??= CreateCache();
        _protection = SendProtection.Create(_protection, options, _formats, _firstFecSequenceNumber);
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
        _protection?.OnReport(block.FractionLost / 256.0);
        _remote.OnReportBlock(block, roundTripTime, _lastFormat?.ClockRate ?? 0);
    }

    /// <summary>The sender report at <paramref name="now"/>, without report blocks (RFC 3550, 6.4.1).</summary>
    internal SenderReport CreateSenderReport(Instant now) => new()
    {
        SenderSsrc = Ssrc,
        Ntp = _context.ToNtp(now),
        RtpTimestampTicks = EstimateTimestamp(now, _lastFormat?.ClockRate ?? 0),
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
            _context.OnSent(destination[..length], number, isRetransmission: true, now);
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
            _context.OnSent(destination[..length], null, isRetransmission: true, now);
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

    private bool TryBuild(
        Span<byte> destination,
        ReadOnlySpan<byte> payload,
        PayloadType payloadType,
        uint timestampTicks,
        bool marker,
        in RtpOutgoingExtensions extensions,
        Instant now,
        out int length,
        out ushort? transportSequenceNumber)
    {
        length = 0;
        transportSequenceNumber = null;
        if (destination.Length < RtpPacketView.FixedHeaderLength)
        {
            return false;
        }

        var type = _protection?.GetPayloadType(payloadType) ?? payloadType;
        var writer = new RtpPacketWriter(destination, Ssrc, type, _nextSequenceNumber, timestampTicks, marker);
        if (!OutgoingPacketWriter.TryAddContributingSources(ref writer, extensions)
            || !_writer.TryAddOwnExtensions(ref writer, now, out transportSequenceNumber)
            || !_writer.TryAddExtensions(ref writer, extensions)
            || (_protection is { } protection && !protection.TryWriteOlder(ref writer, payload, payloadType, timestampTicks, GetRoom(writer, destination)))
            || !writer.TryAddPayload(payload))
        {
            return false;
        }

        length = writer.Complete();
        return true;
    }

    private bool TryBuildForwarded(
        Span<byte> destination,
        ReadOnlySpan<byte> packet,
        RtpHeaderExtensionMap? sourceExtensions,
        RtpPayloadFormat format,
        Instant now,
        out int length,
        out int payloadLength,
        out ushort? transportSequenceNumber,
        out ForwardedPlace place)
    {
        length = 0;
        payloadLength = 0;
        transportSequenceNumber = null;
        place = default;
        if (destination.Length < RtpPacketView.FixedHeaderLength || !RtpPacketView.TryParse(packet, out var source))
        {
            return false;
        }

        if (!_forwarding.TryMap(source, _nextSequenceNumber, EstimateTimestamp(now, format.ClockRate), out place))
        {
            return false;
        }

        var writer = new RtpPacketWriter(destination, Ssrc, format.PayloadType, place.SequenceNumber, place.TimestampTicks, source.Marker);
        for (var i = 0; i < source.CsrcCount; i++)
        {
            if (!writer.TryAddCsrc(source.GetCsrc(i)))
            {
                return false;
            }
        }

        if (!_writer.TryAddOwnExtensions(ref writer, now, out transportSequenceNumber)
            || !_writer.TryCopyExtensions(ref writer, source, sourceExtensions)
            || !writer.TryAddPayload(source.Payload)
            || (source.PaddingLength > 0 && !writer.TryAddPadding(source.PaddingLength)))
        {
            return false;
        }

        length = writer.Complete();
        payloadLength = source.Payload.Length;
        _forwarding.Commit(source, place, destination.Slice(length - source.PaddingLength - payloadLength, payloadLength), format.MimeType);
        if (SerialNumber.IsAfter((ushort)(place.SequenceNumber + 1), _nextSequenceNumber))
        {
            _nextSequenceNumber = (ushort)(place.SequenceNumber + 1);
        }

        return true;
    }

    // The header's extension may still be padded to a whole word.
    private static int GetRoom(in RtpPacketWriter writer, Span<byte> destination) => destination.Length - writer.Length - sizeof(uint);

    // Repair packets wait behind the packets that they protect, as those do.
    private void Protect(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, PayloadType payloadType, uint timestampTicks, int maxLength, Instant now)
    {
        if (_protection is not { } protection)
        {
            return;
        }

        protection.OnWritten(packet, payload, payloadType, timestampTicks, _writer.Extensions);
        while (protection.TryWriteRepair(_context.Queue.Reserve(maxLength), _writer, ref _nextSequenceNumber, timestampTicks, now, out var length))
        {
            OnEnqueued(length, now, isPaced: IsPaced);
        }
    }

    // Repair packets are not sent again, and take their part of the bandwidth as retransmissions do.
    private void OnRepairSent(RtpPacketView packet, int length, ushort? transportSequenceNumber, Instant now)
    {
        if (packet.Ssrc == Ssrc)
        {
            _stats = _stats with { PacketsSent = _stats.PacketsSent + 1, HeaderBytesSent = _stats.HeaderBytesSent + length };
        }

        _stats = _stats with { FecPacketsSent = _stats.FecPacketsSent + 1 };
        _context.OnSent(packet.Packet, transportSequenceNumber, isRetransmission: true, now);
    }

    private void OnEnqueued(int length, Instant now, bool isPaced = true)
    {
        IsPaced = isPaced;
        LastSent = now;
        _context.Queue.Add(this, length, now);
        _context.MediaSent?.Invoke(now);
    }

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

        _lastSequenceNumber = sequenceNumber;
        LastSent = now;
        _stats = _stats with
        {
            PacketsSent = _stats.PacketsSent + 1,
            BytesSent = _stats.BytesSent + payloadLength,
            HeaderBytesSent = _stats.HeaderBytesSent + (packet.Length - payloadLength),
            FramesSent = _stats.FramesSent + (packet[1] >> 7),
        };
        _cache?.Add(sequenceNumber, ToCached(packet, ref format), now);
        _lastFormat = format;
        Shape.OnSent(payloadLength, _context.ToWireLength(packet.Length), now);
        _context.OnSent(packet, transportSequenceNumber, isRetransmission: false, now);
        _context.OnMediaSent(packet.Length, now);
    }

    // Retransmissions go without redundancy, in a stream of their own; without that stream the very bytes are sent again.
    private ReadOnlySpan<byte> ToCached(ReadOnlySpan<byte> packet, ref RtpPayloadFormat format)
    {
        if (_protection is not { } protection || format != _formats.Red
            || _formats[new PayloadType((byte)(protection.Unwrap(packet)[1] & 0x7F))] is not { } content)
        {
            return packet;
        }

        format = content;
        return Options.RetransmissionSsrc is not null && _formats.FindRetransmission(content.PayloadType) is not null ? protection.Unwrap(packet) : packet;
    }

    private RetransmissionCache? CreateCache() =>
        Options.MaxRetransmissionCacheBytes > 0 && (_formats.AllFeedback & RtcpFeedbackKinds.Nack) != 0
            ? new RetransmissionCache(Options.MaxRetransmissionCacheBytes)
            : null;
}
