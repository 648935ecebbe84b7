using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Fec;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// What one stream sends beside its packets so that the peer can do without some of them: audio repeats its last frames (RED, RFC 2198), video adds repair
/// packets (ULPFEC in RED, or FlexFEC as a stream of its own). How much follows the loss that the peer reports: nothing while there is none.
/// </summary>
internal sealed class SendProtection
{
    private const double LeastLoss = 0.01;
    private const double HeavyLoss = 0.1;
    private const double MaxLevel = 0.5;
    private const int MaxOlder = 2;

    private readonly FecEncoder _encoder = new();
    private readonly Older[] _older = new Older[MaxOlder];
    private readonly byte[] _scratch = new byte[FecPackets.MaxPacketLength];
    private PayloadFormatTable _formats;
    private readonly Ssrc _ssrc;
    private ushort _nextFecSequenceNumber;
    private bool _isAudio;
    private bool _isRedPreferred;
    private Ssrc? _flexFecSsrc;
    private int _olderCount;
    private double _loss;

    private SendProtection(RtpSendStreamOptions options, PayloadFormatTable formats, ushort firstFecSequenceNumber)
    {
        _formats = formats;
        _ssrc = options.Ssrc;
        _nextFecSequenceNumber = firstFecSequenceNumber;
        Take(options, formats);
    }

    /// <summary>Repair packets for each packet of video, 0 to 0.5.</summary>
    public double Level { get; private set; }

    /// <summary>Whether repair packets are a stream of their own.</summary>
    public bool IsFlexFec => _flexFecSsrc is not null && _formats.FlexFec is not null;

    /// <summary>Bytes that a packet must leave free, so that it fits with redundancy, and a repair packet for it fits too.</summary>
    public int Overhead => _isAudio || Level == 0 ? 0 : FecHeader.MaxLength + RedPayload.PrimaryHeaderLength;

    /// <summary>
    /// What a stream has agreed on; <see langword="null"/> if no redundancy ever was. The numbers of repair packets go on over all renegotiations: an SSRC's SRTP
    /// index must never start again.
    /// </summary>
    public static SendProtection? Create(SendProtection? known, RtpSendStreamOptions options, PayloadFormatTable formats, ushort firstFecSequenceNumber)
    {
        known?.Take(options, formats);
        return known ?? (formats.Red is null && formats.FlexFec is null ? null : new SendProtection(options, formats, firstFecSequenceNumber));
    }

    /// <summary>Takes in what the peer reports: the part of the packets that was lost, 0 to 1.</summary>
    public void OnReport(double fractionLost)
    {
        // Up at once, down slowly: losses come in bursts.
        _loss = fractionLost > _loss ? fractionLost : _loss + ((fractionLost - _loss) / 8);
        Level = _isAudio || !(IsFlexFec || _formats.HasUlpfecContent) || _loss < LeastLoss ? 0 : Math.Min(MaxLevel, (1.5 * _loss) + 0.05);
    }

    /// <summary>The payload type of the packet around a payload: that of RED while there is something to put beside it.</summary>
    public PayloadType GetPayloadType(PayloadType payloadType) => IsWrapping(payloadType) ? _formats.Red!.PayloadType : payloadType;

    /// <summary>Writes what goes before a payload in its packet.</summary>
    /// <param name="writer">The packet.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="payloadType">Its payload type.</param>
    /// <param name="timestampTicks">Its timestamp.</param>
    /// <param name="room">Bytes left in the packet.</param>
    /// <returns><see langword="false"/> if it does not fit.</returns>
    public bool TryWriteOlder(ref RtpPacketWriter writer, ReadOnlySpan<byte> payload, PayloadType payloadType, uint timestampTicks, int room)
    {
        if (!IsWrapping(payloadType))
        {
            return true;
        }

        var count = _isAudio ? CountOlder(payloadType, timestampTicks, room - payload.Length - RedPayload.PrimaryHeaderLength) : 0;
        Span<byte> headers = stackalloc byte[(MaxOlder * RedPayload.OlderHeaderLength) + RedPayload.PrimaryHeaderLength];
        var header = new SpanWriter(headers);
        for (var i = count - 1; i >= 0; i--)
        {
            RedPayload.WriteOlderHeader(ref header, payloadType, timestampTicks - _older[i].TimestampTicks, _older[i].Length);
        }

        RedPayload.WritePrimaryHeader(ref header, payloadType);
        if (!writer.TryAddPayload(header.Written))
        {
            return false;
        }

        for (var i = count - 1; i >= 0; i--)
        {
            if (!writer.TryAddPayload(_older[i].Bytes.AsSpan(0, _older[i].Length)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes note of a packet that was written.</summary>
    public void OnWritten(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, PayloadType payloadType, uint timestampTicks, RtpHeaderExtensionMap extensions)
    {
        if (_isAudio)
        {
            Remember(payload, payloadType, timestampTicks);
        }
        else if (CanRepair(payloadType) && RtpPacketView.TryParse(Unwrap(packet), out var view))
        {
            _encoder.Add(view, extensions, Level);
        }
    }

    /// <summary>Writes a repair packet that is due.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="extensions">Writes the stream's header extensions.</param>
    /// <param name="nextSequenceNumber">The stream's next number, which ULPFEC uses up.</param>
    /// <param name="timestampTicks">The timestamp of the last packet.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The packet's length.</param>
    public bool TryWriteRepair(
        Span<byte> destination, OutgoingPacketWriter extensions, ref ushort nextSequenceNumber, uint timestampTicks, Instant now, out int length)
    {
        length = 0;
        Span<byte> repair = stackalloc byte[FecPackets.MaxPacketLength];
        while (TryMakeRepair(repair, out var payloadType, out var repairLength))
        {
            if (destination.Length < RtpPacketView.FixedHeaderLength)
            {
                return false;
            }

            ref var number = ref IsFlexFec ? ref _nextFecSequenceNumber : ref nextSequenceNumber;
            var writer = new RtpPacketWriter(destination, IsFlexFec ? _flexFecSsrc!.Value : _ssrc, payloadType, number, timestampTicks);
            if (extensions.TryAddOwnExtensions(ref writer, now, out _) && writer.TryAddPayload(repair[..repairLength]))
            {
                number++;
                length = writer.Complete();
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a packet of the stream is a repair packet.</summary>
    public bool IsRepair(RtpPacketView packet) =>
        (_formats.FlexFec is { } flex && packet.PayloadType == flex.PayloadType)
        || (_formats.Red is { } red && _formats.Ulpfec is { } ulpfec && packet.PayloadType == red.PayloadType
            && packet.Payload.Length > 0 && packet.Payload[0] == ulpfec.PayloadType.Value);

    /// <summary>The packet without redundancy, borrowed until the next call; the packet itself if it has none.</summary>
    public ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> packet)
    {
        if (_formats.Red is not { } red || packet.Length > _scratch.Length || !RtpPacketView.TryParse(packet, out var view)
            || view.PayloadType != red.PayloadType || !RedPayload.TryParse(view.Payload, out var content))
        {
            return packet;
        }

        packet[..view.HeaderLength].CopyTo(_scratch);
        var primary = content.Primary;
        primary.CopyTo(_scratch.AsSpan(view.HeaderLength));
        _scratch[1] = (byte)((_scratch[1] & 0x80) | content.PrimaryType.Value);
        return _scratch.AsSpan(0, view.HeaderLength + primary.Length);
    }

    private bool TryMakeRepair(Span<byte> destination, out PayloadType payloadType, out int length)
    {
        length = 0;
        payloadType = default;
        if (IsFlexFec)
        {
            payloadType = _formats.FlexFec!.PayloadType;
            return _encoder.TryWrite(destination, isFlexFec: true, out length);
        }

        if (_formats.Red is not { } red || _formats.Ulpfec is not { } ulpfec
            || !_encoder.TryWrite(destination[RedPayload.PrimaryHeaderLength..], isFlexFec: false, out length))
        {
            return false;
        }

        payloadType = red.PayloadType;
        destination[0] = ulpfec.PayloadType.Value;
        length += RedPayload.PrimaryHeaderLength;
        return true;
    }

    private void Take(RtpSendStreamOptions options, PayloadFormatTable formats)
    {
        _formats = formats;
        _isAudio = options.IsAudio;
        _flexFecSsrc = options.FecSsrc;
        _isRedPreferred = _isAudio && formats.Red is { } red && options.PayloadTypes.Count > 0 && options.PayloadTypes[0].PayloadType == red.PayloadType;
    }

    private bool IsWrapping(PayloadType payloadType)
    {
        if (_formats.Red is not { } red || payloadType == red.PayloadType)
        {
            return false;
        }

        // RFC 2198 5: what RED carries shares its clock.
        return _isAudio
            ? (_isRedPreferred || _loss >= LeastLoss) && _formats[payloadType]?.ClockRate == red.ClockRate
            : Level > 0 && !IsFlexFec && CanRepair(payloadType);
    }

    private bool CanRepair(PayloadType payloadType) => IsFlexFec || _formats.IsUlpfecContent(payloadType);

    private int CountOlder(PayloadType payloadType, uint timestampTicks, int room)
    {
        var wanted = Math.Min(_olderCount, _loss >= HeavyLoss ? MaxOlder : 1);
        var count = 0;
        while (count < wanted && _older[count].PayloadType == payloadType && timestampTicks - _older[count].TimestampTicks <= RedPayload.MaxTimestampOffset)
        {
            room -= RedPayload.OlderHeaderLength + _older[count].Length;
            if (room < 0)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private void Remember(ReadOnlySpan<byte> payload, PayloadType payloadType, uint timestampTicks)
    {
        var reused = _older[MaxOlder - 1].Bytes ?? new byte[RedPayload.MaxOlderLength];
        for (var i = MaxOlder - 1; i > 0; i--)
        {
            _older[i] = _older[i - 1];
        }

        // What does not fit breaks the row: the blocks are those of the packets just before.
        if (payload.Length > RedPayload.MaxOlderLength)
        {
            _older[0] = new Older(reused, 0, payloadType, timestampTicks);
            _olderCount = 0;
            return;
        }

        payload.CopyTo(reused);
        _older[0] = new Older(reused, payload.Length, payloadType, timestampTicks);
        _olderCount = Math.Min(_olderCount + 1, MaxOlder);
    }

    private readonly record struct Older(byte[]? Bytes, int Length, PayloadType PayloadType, uint TimestampTicks);
}
