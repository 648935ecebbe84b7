using System.Text;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

/// <summary>DATA_CHANNEL_OPEN (RFC 8832, 5.1).</summary>
/// <remarks>
/// <code>
///  |  Message Type |  Channel Type |            Priority           |
///  |                    Reliability Parameter                      |
///  |         Label Length          |       Protocol Length         |
///  \                             Label                             /
///  \                            Protocol                           /
/// </code>
/// </remarks>
internal static class OpenMessage
{
    /// <summary>The message type.</summary>
    public const byte Type = 0x03;

    /// <summary>The largest label or protocol in bytes.</summary>
    public const int MaxTextLength = 65_535;

    private const int FixedLength = 12;
    private const byte Unordered = 0x80;
    private const byte Reliable = 0x00;
    private const byte LimitedRetransmissions = 0x01;
    private const byte LimitedLifetime = 0x02;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the message. Invalid UTF-8, unknown channel types and bytes left over are refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, ushort streamId, out DataChannelParameters? parameters)
    {
        parameters = null;
        var reader = new SpanReader(message);
        if (!reader.TryReadByte(out var type) || type != Type
            || !reader.TryReadByte(out var channelType)
            || !reader.TryReadUInt16(out var priority)
            || !reader.TryReadUInt32(out var reliability)
            || !reader.TryReadUInt16(out var labelLength)
            || !reader.TryReadUInt16(out var protocolLength)
            || !reader.TryReadBytes(labelLength, out var labelBytes)
            || !reader.TryReadBytes(protocolLength, out var protocolBytes)
            || !reader.IsAtEnd
            || (channelType & ~Unordered) > LimitedLifetime
            || !TryDecode(labelBytes, out var label)
            || !TryDecode(protocolBytes, out var protocol))
        {
            return false;
        }

        // W3C: both limits are unsigned shorts; the wire has room for more.
        var limit = (ushort)Math.Min(reliability, ushort.MaxValue);
        var limitKind = channelType & ~Unordered;
        parameters = new DataChannelParameters
        {
            Label = label,
            Protocol = protocol,
            Ordered = (channelType & Unordered) == 0,
            MaxRetransmits = limitKind == LimitedRetransmissions ? limit : null,
            MaxPacketLifeTime = limitKind == LimitedLifetime ? TimeSpan.FromMilliseconds(limit) : null,
            Priority = priority,
            Id = streamId,
        };
        return true;
    }

    /// <summary>The encoded message.</summary>
    public static byte[] Encode(DataChannelParameters parameters)
    {
        var labelLength = StrictUtf8.GetByteCount(parameters.Label);
        var protocolLength = StrictUtf8.GetByteCount(parameters.Protocol);
        var message = new byte[FixedLength + labelLength + protocolLength];
        var writer = new SpanWriter(message);
        var limitKind = parameters.MaxRetransmits is not null ? LimitedRetransmissions
            : parameters.MaxPacketLifeTime is not null ? LimitedLifetime : Reliable;
        writer.WriteByte(Type);
        writer.WriteByte((byte)(limitKind | (parameters.Ordered ? 0 : Unordered)));
        writer.WriteUInt16(parameters.Priority);
        writer.WriteUInt32(parameters.MaxRetransmits ?? (uint)(parameters.MaxPacketLifeTime?.TotalMilliseconds ?? 0));
        writer.WriteUInt16((ushort)labelLength);
        writer.WriteUInt16((ushort)protocolLength);
        StrictUtf8.GetBytes(parameters.Label, writer.Reserve(labelLength));
        StrictUtf8.GetBytes(parameters.Protocol, writer.Reserve(protocolLength));
        return message;
    }

    /// <summary>Checks what an application wants to open a channel with (W3C <c>createDataChannel</c>).</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public static void Validate(DataChannelParameters parameters)
    {
        CheckText(parameters.Label, "The label");
        CheckText(parameters.Protocol, "The protocol");
        if (parameters is { MaxRetransmits: not null, MaxPacketLifeTime: not null })
        {
            throw new ArgumentException("A channel limits retransmissions or lifetime, not both.", nameof(parameters));
        }

        if (parameters.MaxPacketLifeTime is { } lifetime && (lifetime < TimeSpan.Zero || lifetime.TotalMilliseconds > ushort.MaxValue))
        {
            throw new ArgumentException("The lifetime is 0 to 65,535 ms.", nameof(parameters));
        }

        if (parameters.Negotiated && parameters.Id is null)
        {
            throw new ArgumentException("A negotiated channel needs an id.", nameof(parameters));
        }

        if (parameters is { Negotiated: true, Id: ushort.MaxValue })
        {
            throw new ArgumentException("The id is 0 to 65,534.", nameof(parameters));
        }
    }

    private static void CheckText(string text, string what)
    {
        if (text.Length > MaxTextLength || Encoding.UTF8.GetByteCount(text) > MaxTextLength)
        {
            throw new ArgumentException($"{what} is longer than 65,535 bytes of UTF-8.");
        }

        try
        {
            StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{what} holds a lone surrogate.", e);
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
