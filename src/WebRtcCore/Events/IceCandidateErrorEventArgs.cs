using System.Net;

namespace WebRtcCore;

/// <summary>W3C <c>RTCPeerConnectionIceErrorEvent</c>: a STUN or TURN server did not help.</summary>
/// <param name="url">The server's URL.</param>
/// <param name="errorCode">The STUN error code, or 701 if the server could not be reached.</param>
/// <param name="errorText">A sentence for people.</param>
/// <param name="localAddress">The local address that was tried.</param>
public sealed class IceCandidateErrorEventArgs(string url, int errorCode, string errorText, IPEndPoint? localAddress) : EventArgs
{
    /// <summary>The error code of a server that could not be reached.</summary>
    public const int ServerNotReached = 701;

    /// <summary>The server's URL.</summary>
    public string Url { get; } = url;

    /// <summary>The STUN error code, 300 to 699, or 701 if the server could not be reached.</summary>
    public int ErrorCode { get; } = errorCode;

    /// <summary>A sentence for people.</summary>
    public string ErrorText { get; } = errorText;

    /// <summary>The local address that was tried.</summary>
    public IPEndPoint? LocalAddress { get; } = localAddress;
}
