using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Handshake;

/// <summary>Why an INIT or INIT ACK cannot lead to an association, and the ABORT that says so (RFC 9260, 3.3.2, 3.3.3, 5.1 and 5.1.2).</summary>
internal static class InitRefusal
{
    // RFC 9260 3.3.2: a peer with less buffer than this cannot work.
    private const uint LeastWindow = 1500;

    /// <summary>The ABORT for an INIT; <see langword="null"/> if it is acceptable.</summary>
    public static byte[]? OfInit(InitChunk init) => Find(init, isTagReflected: false);

    /// <summary>The ABORT for an INIT ACK; <see langword="null"/> if it is acceptable.</summary>
    /// <param name="initAck">The chunk.</param>
    /// <param name="isFinal">Whether no better answer is to be waited for: only too small a window leaves hope.</param>
    public static byte[]? OfInitAck(InitChunk initAck, out bool isFinal)
    {
        var hasTag = initAck.InitiateTag != 0;
        isFinal = !hasTag || initAck is { OutgoingStreams: 0 } or { IncomingStreams: 0 } or { HostName: not null } or { Cookie: null };
        if (Find(initAck, isTagReflected: !hasTag) is { } abort)
        {
            return abort;
        }

        // RFC 9260 3.3.10.2: one parameter is missing, the cookie.
        return initAck.Cookie is null
            ? AbortChunk.Encode(isTagReflected: false, CauseCode.MissingMandatoryParameter, [0, 0, 0, 1, 0, (byte)ParameterType.StateCookie])
            : null;
    }

    private static byte[]? Find(InitChunk init, bool isTagReflected)
    {
        if (init is { InitiateTag: 0 } or { ReceiverWindow: < LeastWindow } or { OutgoingStreams: 0 } or { IncomingStreams: 0 })
        {
            return AbortChunk.Encode(isTagReflected, CauseCode.InvalidMandatoryParameter, []);
        }

        // RFC 9260 5.1.2 B: names are not resolved.
        return init.HostName is { } name ? AbortChunk.Encode(isTagReflected, CauseCode.UnresolvableAddress, name) : null;
    }
}
