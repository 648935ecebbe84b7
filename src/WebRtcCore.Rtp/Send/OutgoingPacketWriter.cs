using System.Buffers.Binary;
using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Send;

/// <summary>Adds header extensions to the packets of one stream, and wraps its retransmissions.</summary>
internal sealed class OutgoingPacketWriter
{
    private const int OriginalSequenceNumberLength = 2;

    private readonly RtpSendStreamOptions _options;
    private readonly RtpSendContext _context;
    private readonly byte[] _mid;
    private readonly byte[] _rid;
    private readonly byte[] _translation = new byte[256];
    private RtpHeaderExtensionMap _extensions = RtpHeaderExtensionMap.Empty;
    private RtpHeaderExtensionMap? _translated;
    private byte _midId;
    private byte _ridId;
    private byte _repairedRidId;
    private byte _sendTimeId;
    private byte _transportNumberId;

    public OutgoingPacketWriter(RtpSendStreamOptions options, RtpSendContext context)
    {
        _options = options;
        _context = context;
        _mid = Encoding.UTF8.GetBytes(options.Mid ?? string.Empty);
        _rid = Encoding.UTF8.GetBytes(options.Rid ?? string.Empty);
        UpdateIdentifiers();
    }

    /// <summary>Whether MID and RID are still sent: until the peer shows that it knows the SSRC (RFC 8843, 14).</summary>
    public bool IsIdentified { get; set; }

    /// <summary>What the identifiers in the stream's packets mean.</summary>
    public RtpHeaderExtensionMap Extensions => _extensions;

    /// <summary>Whether packets carry transport sequence numbers.</summary>
    public bool HasTransportNumber => _transportNumberId != 0;

    /// <summary>Looks up the local identifiers again.</summary>
    public void UpdateIdentifiers()
    {
        _extensions = _options.HeaderExtensions is { } own ? new RtpHeaderExtensionMap(own) : _context.Extensions;
        _translated = null;
        _midId = _mid.Length > 0 ? _extensions.GetId(RtpHeaderExtensionKind.Mid) : (byte)0;
        _ridId = _rid.Length > 0 ? _extensions.GetId(RtpHeaderExtensionKind.RtpStreamId) : (byte)0;
        _repairedRidId = _rid.Length > 0 ? _extensions.GetId(RtpHeaderExtensionKind.RepairedRtpStreamId) : (byte)0;
        _sendTimeId = _extensions.GetId(RtpHeaderExtensionKind.AbsoluteSendTime);
        _transportNumberId = _extensions.GetId(RtpHeaderExtensionKind.TransportSequenceNumber);
    }

    /// <summary>Adds MID, RID, send time and transport sequence number, as far as agreed.</summary>
    /// <param name="writer">The packet, before its payload.</param>
    /// <param name="now">The time of sending.</param>
    /// <param name="transportSequenceNumber">The number written, or <see langword="null"/>.</param>
    public bool TryAddOwnExtensions(ref RtpPacketWriter writer, Instant now, out ushort? transportSequenceNumber) =>
        TryAddTransportExtensions(ref writer, now, out transportSequenceNumber)
        && (IsIdentified || (TryAdd(ref writer, _midId, _mid) && TryAdd(ref writer, _ridId, _rid)));

    /// <summary>Writes send time and transport sequence number anew into a packet that has waited since it was written.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="now">The time of sending.</param>
    /// <param name="transportSequenceNumber">The number written, or <see langword="null"/> if the packet has no place for it.</param>
    public void Stamp(Span<byte> packet, Instant now, out ushort? transportSequenceNumber)
    {
        transportSequenceNumber = null;
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            return;
        }

        if (_sendTimeId != 0 && view.TryGetExtension(_sendTimeId, out var sendTime) && sendTime.Length == AbsoluteSendTime.EncodedLength
            && packet.Overlaps(sendTime, out var sendTimeOffset))
        {
            AbsoluteSendTime.From(_context.ToNtp(now)).Write(packet.Slice(sendTimeOffset, AbsoluteSendTime.EncodedLength));
        }

        if (_transportNumberId != 0 && view.TryGetExtension(_transportNumberId, out var number)
            && number.Length == TransportSequenceNumber.EncodedLength && packet.Overlaps(number, out var numberOffset))
        {
            transportSequenceNumber = _context.NextTransportSequenceNumber;
            new TransportSequenceNumber(_context.NextTransportSequenceNumber)
                .Write(packet.Slice(numberOffset, TransportSequenceNumber.EncodedLength));
        }
    }

    /// <summary>Writes a packet of the retransmission stream that only pads.</summary>
    public bool TryWritePadding(
        Span<byte> destination,
        Ssrc ssrc,
        PayloadType payloadType,
        ushort sequenceNumber,
        uint timestampTicks,
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

        var writer = new RtpPacketWriter(destination, ssrc, payloadType, sequenceNumber, timestampTicks);
        if (!TryAddTransportExtensions(ref writer, now, out transportSequenceNumber)
            || !TryAdd(ref writer, _midId, _mid)
            || !TryAdd(ref writer, _repairedRidId, _rid)
            || !writer.TryAddPadding(byte.MaxValue))
        {
            return false;
        }

        length = writer.Complete();
        return true;
    }

    /// <summary>Adds the application's extensions, as far as agreed.</summary>
    public bool TryAddExtensions(ref RtpPacketWriter writer, in RtpOutgoingExtensions extensions)
    {
        if (extensions == default)
        {
            return true;
        }

        Span<byte> value = stackalloc byte[PlayoutDelay.EncodedLength];
        if (extensions.AudioLevel is { } level)
        {
            level.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.AudioLevel), value[..AudioLevel.EncodedLength]))
            {
                return false;
            }
        }

        if (extensions.ContributingSources is { Count: > 0 } sources && !TryAddLevels(ref writer, sources))
        {
            return false;
        }

        if (extensions.VideoOrientation is { } orientation)
        {
            orientation.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.VideoOrientation), value[..VideoOrientation.EncodedLength]))
            {
                return false;
            }
        }

        if (extensions.PlayoutDelay is { } delay)
        {
            delay.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.PlayoutDelay), value[..PlayoutDelay.EncodedLength]))
            {
                return false;
            }
        }

        return TryAddRare(ref writer, extensions);
    }

    /// <summary>Adds the application's contributing sources; before any header extension.</summary>
    public static bool TryAddContributingSources(ref RtpPacketWriter writer, in RtpOutgoingExtensions extensions)
    {
        for (var i = 0; extensions.ContributingSources is { } sources && i < sources.Count; i++)
        {
            if (!writer.TryAddCsrc(sources[i].Ssrc))
            {
                return false;
            }
        }

        return true;
    }

    // RFC 6465 3: one level for each, in their order, so all or none.
    private bool TryAddLevels(ref RtpPacketWriter writer, IReadOnlyList<ContributingSource> sources)
    {
        Span<byte> levels = stackalloc byte[CsrcAudioLevels.MaxCount];
        for (var i = 0; i < sources.Count; i++)
        {
            if (i == levels.Length || sources[i].Level is not { } level)
            {
                return true;
            }

            levels[i] = Math.Min(level, (byte)127);
        }

        return TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.CsrcAudioLevel), levels[..sources.Count]);
    }

    // In few packets of a stream: not worth asking for each.
    private bool TryAddRare(ref RtpPacketWriter writer, in RtpOutgoingExtensions extensions)
    {
        Span<byte> value = stackalloc byte[DependencyDescriptor.MaxEncodedLength];
        if (extensions.AbsoluteCaptureTime is { } time)
        {
            time.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.AbsoluteCaptureTime), value[..time.EncodedLength]))
            {
                return false;
            }
        }

        if (extensions.VideoContentType is { } type)
        {
            type.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.VideoContentType), value[..VideoContentType.EncodedLength]))
            {
                return false;
            }
        }

        if (extensions.ColorSpace is { } space)
        {
            space.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.ColorSpace), value[..space.EncodedLength]))
            {
                return false;
            }
        }

        if (extensions.VideoTiming is { } timing)
        {
            timing.Write(value);
            if (!TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.VideoTiming), value[..VideoTiming.EncodedLength]))
            {
                return false;
            }
        }

        if (extensions.VideoLayersAllocation is { } allocation
            && !TryAdd(ref writer, _extensions.GetId(RtpHeaderExtensionKind.VideoLayersAllocation), value[..allocation.Write(value)]))
        {
            return false;
        }

        var id = _extensions.GetId(RtpHeaderExtensionKind.DependencyDescriptor);
        return id == 0 || extensions is not { DependencyDescriptor: { } descriptor, DependencyStructure: { } structure }
            || (descriptor.TryWrite(value, structure, out var length) && TryAdd(ref writer, id, value[..length]));
    }

    /// <summary>Carries over the extensions of another stream's packet that are agreed here too and are not this stream's own.</summary>
    public bool TryCopyExtensions(ref RtpPacketWriter writer, RtpPacketView source, RtpHeaderExtensionMap? sourceExtensions)
    {
        if (sourceExtensions is null || !source.HasExtension)
        {
            return true;
        }

        if (_translated != sourceExtensions)
        {
            Translate(sourceExtensions);
        }

        foreach (var element in source.Extensions)
        {
            if (!TryAdd(ref writer, _translation[element.Id], element.Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a packet of the retransmission stream: the original's number, then its payload (RFC 4588, 4).</summary>
    public bool TryWriteRetransmission(
        Span<byte> destination,
        RtpPacketView original,
        Ssrc ssrc,
        PayloadType payloadType,
        ushort sequenceNumber,
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

        var writer = new RtpPacketWriter(destination, ssrc, payloadType, sequenceNumber, original.TimestampTicks, original.Marker);
        for (var i = 0; i < original.CsrcCount; i++)
        {
            if (!writer.TryAddCsrc(original.GetCsrc(i)))
            {
                return false;
            }
        }

        // The peer may see this SSRC for the first time, so MID and repaired RID come along each time: retransmissions are few.
        if (!TryAddTransportExtensions(ref writer, now, out transportSequenceNumber)
            || !TryAdd(ref writer, _midId, _mid)
            || !TryAdd(ref writer, _repairedRidId, _rid)
            || !TryCopyExtensions(ref writer, original, _extensions))
        {
            return false;
        }

        Span<byte> originalSequenceNumber = stackalloc byte[OriginalSequenceNumberLength];
        BinaryPrimitives.WriteUInt16BigEndian(originalSequenceNumber, original.SequenceNumber);
        if (!writer.TryAddPayload(originalSequenceNumber) || !writer.TryAddPayload(original.Payload))
        {
            return false;
        }

        length = writer.Complete();
        return true;
    }

    private static bool TryAdd(ref RtpPacketWriter writer, byte id, scoped ReadOnlySpan<byte> value) => id == 0 || writer.TryAddExtension(id, value);

    private bool TryAddTransportExtensions(ref RtpPacketWriter writer, Instant now, out ushort? transportSequenceNumber)
    {
        transportSequenceNumber = null;
        Span<byte> value = stackalloc byte[AbsoluteSendTime.EncodedLength];
        if (_sendTimeId != 0)
        {
            AbsoluteSendTime.From(_context.ToNtp(now)).Write(value);
            if (!writer.TryAddExtension(_sendTimeId, value))
            {
                return false;
            }
        }

        if (_transportNumberId != 0)
        {
            transportSequenceNumber = _context.NextTransportSequenceNumber;
            new TransportSequenceNumber(_context.NextTransportSequenceNumber).Write(value);
            return writer.TryAddExtension(_transportNumberId, value[..TransportSequenceNumber.EncodedLength]);
        }

        return true;
    }

    private void Translate(RtpHeaderExtensionMap source)
    {
        _translated = source;
        for (var id = 0; id < _translation.Length; id++)
        {
            // MID, RID and what describes the sending itself are this stream's own.
            _translation[id] = source.GetKind((byte)id) switch
            {
                RtpHeaderExtensionKind.None or RtpHeaderExtensionKind.Mid or RtpHeaderExtensionKind.RtpStreamId
                    or RtpHeaderExtensionKind.RepairedRtpStreamId or RtpHeaderExtensionKind.AbsoluteSendTime
                    or RtpHeaderExtensionKind.TransportSequenceNumber or RtpHeaderExtensionKind.TransmissionTimeOffset => 0,
                RtpHeaderExtensionKind.Other => _extensions.GetId(source.GetUri((byte)id)!),
                var kind => _extensions.GetId(kind),
            };
        }
    }
}
