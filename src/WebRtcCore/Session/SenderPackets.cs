using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Srtp;

namespace WebRtcCore.Session;

/// <summary>
/// The packets that applications send: written and protected where they leave, without waiting for a poll, or left to the pacer.
/// On the loop, as all of <see cref="RtcSession"/>.
/// </summary>
internal sealed class SenderPackets(IceAgent ice, RtpSession rtp, MediaRouter router, TrafficTable traffic, RtcSessionOptions options)
{
    /// <summary>The keys, once there are any; before, everything is dropped.</summary>
    public SecureMedia? Media { get; set; }

    /// <summary>Writes a packet of a sender's stream, made from <paramref name="packet"/>, ready to leave.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="rid">The simulcast layer, or <see langword="null"/> for the first encoding.</param>
    /// <param name="source">Where the packet was received, or <see langword="null"/> if the application brings it.</param>
    /// <param name="packet">The packet, borrowed.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="now">The present.</param>
    /// <param name="transmit">Its length and path.</param>
    /// <returns><see langword="false"/> while there is no path, no key, no direction or no payload type for it: it is dropped.</returns>
    public bool TryWriteForwarded(
        RtpSender sender, string? rid, RtpReceiver? source, ReadOnlySpan<byte> packet, Span<byte> destination, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (Media is not { } media || !ice.TryGetSelectedPath(out var path) || router.FindSendStream(sender, rid) is not { } stream ||
            !MediaRouter.TryMapPayloadType(sender, source, new PayloadType((byte)(packet[1] & 0x7F)), out var payloadType))
        {
            return false;
        }

        var packetRoom = destination[ice.Relays.GetDataOffset(path)..];
        var room = packetRoom[..(Math.Min(packetRoom.Length, options.MaxDatagramSize) - media.Outgoing.RtpOverhead)];
        return stream.TryForwardPacket(room, packet, source?.ExtensionMap, payloadType, now, out var length) &&
               TryProtect(media, destination, length, path, now, out transmit);
    }

    /// <summary>Whether the frames of a sender, or also its whole packets, wait for their time: then they are enqueued, not written.</summary>
    public bool IsPaced(RtpSender sender, bool isFrame) =>
        sender.Kind == MediaKind.Video && rtp.IsPacing && (isFrame || options.CongestionControl.Pacing == PacingMode.All);

    /// <summary>Like <see cref="TryWriteForwarded"/>, but the packet waits for its time.</summary>
    public void EnqueueForwarded(RtpSender sender, string? rid, RtpReceiver? source, ReadOnlySpan<byte> packet, Instant now)
    {
        if (Media is { } media && router.FindSendStream(sender, rid) is { } stream &&
            MediaRouter.TryMapPayloadType(sender, source, new PayloadType((byte)(packet[1] & 0x7F)), out var payloadType))
        {
            stream.TryEnqueueForwarded(options.MaxDatagramSize - media.Outgoing.RtpOverhead, packet, source?.ExtensionMap, payloadType, now);
        }
    }

    /// <summary>Like <see cref="TryWritePayload"/>, but the packet waits for its time.</summary>
    /// <returns><see langword="false"/> if it may not be sent, does not fit, or too much waits already: it is dropped.</returns>
    public bool TryEnqueuePayload(
        RtpSendStream stream, ReadOnlySpan<byte> payload, PayloadType payloadType, uint timestampTicks, bool marker, in RtpOutgoingExtensions extensions, Instant now) =>
        Media is { } media &&
        stream.TryEnqueuePacket(options.MaxDatagramSize - media.Outgoing.RtpOverhead, payload, payloadType, timestampTicks, marker, extensions, now);

    /// <summary>The longest payload that fits into each packet of a stream, in bytes; 0 while there is no path, no key or no such payload type.</summary>
    public int GetPayloadRoom(RtpSendStream stream, PayloadType payloadType) =>
        Media is { } media && ice.TryGetSelectedPath(out _) && MediaRouter.HasPayloadType(stream, payloadType)
            ? options.MaxDatagramSize - media.Outgoing.RtpOverhead - MediaRouter.GetMaxHeaderLength(stream)
            : 0;

    /// <summary>Writes the next packet of a stream, ready to leave. <see cref="GetPayloadRoom"/> has been asked before, in the same turn.</summary>
    /// <returns><see langword="false"/> if it may not be sent or does not fit: it is dropped.</returns>
    public bool TryWritePayload(
        RtpSendStream stream,
        ReadOnlySpan<byte> payload,
        PayloadType payloadType,
        uint timestampTicks,
        bool marker,
        in RtpOutgoingExtensions extensions,
        Span<byte> destination,
        Instant now,
        out Transmit transmit)
    {
        transmit = default;
        if (Media is not { } media || !ice.TryGetSelectedPath(out var path))
        {
            return false;
        }

        var packetRoom = destination[ice.Relays.GetDataOffset(path)..];
        var room = packetRoom[..(Math.Min(packetRoom.Length, options.MaxDatagramSize) - media.Outgoing.RtpOverhead)];
        return stream.TryWritePacket(room, payload, payloadType, timestampTicks, marker, extensions, now, out var length) &&
               TryProtect(media, destination, length, path, now, out transmit);
    }

    private bool TryProtect(SecureMedia media, Span<byte> destination, int length, in NetworkPath path, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (media.Outgoing.ProtectRtp(destination[ice.Relays.GetDataOffset(path)..], length, out var protectedLength) != SrtpResult.Success)
        {
            return false;
        }

        traffic.OnSent(protectedLength, path, now);
        return ice.Relays.TryWrap(destination, protectedLength, path, out transmit);
    }
}
