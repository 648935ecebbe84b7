using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebRtcCore.Primitives;
using CoreCandidate = WebRtcCore.Ice.IceCandidate;

namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCIceCandidate</c>: one candidate as it travels through signalling. Its JSON is what a browser's <c>toJSON()</c> prints.
/// The properties below the four that travel are read from the candidate's text; they are <see langword="null"/> where it does not parse.
/// </summary>
public sealed record IceCandidate
{
    private CoreCandidate? _parsed;
    private bool _isParsed;

    /// <summary>The candidate-attribute of RFC 8839 5.1, without <c>a=</c>; empty to say that no more candidates follow.</summary>
    [JsonPropertyName("candidate")]
    public string Candidate { get; init; } = "";

    /// <summary>The mid of the m-line that it belongs to.</summary>
    [JsonPropertyName("sdpMid")]
    public string? SdpMid { get; init; }

    /// <summary>The index of the m-line that it belongs to, from 0.</summary>
    [JsonPropertyName("sdpMLineIndex")]
    public int? SdpMLineIndex { get; init; }

    /// <summary>The ICE user name fragment of the generation that it belongs to.</summary>
    [JsonPropertyName("usernameFragment")]
    public string? UsernameFragment { get; init; }

    /// <summary>Equal for candidates that share type, base and server.</summary>
    [JsonIgnore]
    public string? Foundation => Parsed?.Foundation;

    /// <summary>The component; RTP and RTCP share one here.</summary>
    [JsonIgnore]
    public IceComponent? Component => Parsed is { } c ? (c.Component == 2 ? IceComponent.Rtcp : IceComponent.Rtp) : null;

    /// <summary>The priority of RFC 8445 5.1.2.</summary>
    [JsonIgnore]
    public uint? Priority => Parsed?.Priority;

    /// <summary>The IP address or <c>.local</c> name.</summary>
    [JsonIgnore]
    public string? Address => Parsed is { } c ? c.HostName ?? c.Address.ToIPAddress().ToString() : null;

    /// <summary>UDP or TCP.</summary>
    [JsonIgnore]
    public IceProtocol? Protocol => Parsed is { } c ? (c.Protocol == TransportProtocol.Tcp ? IceProtocol.Tcp : IceProtocol.Udp) : null;

    /// <summary>The port.</summary>
    [JsonIgnore]
    public int? Port => Parsed?.Address.Port;

    /// <summary>Host, server-reflexive, peer-reflexive or relayed.</summary>
    [JsonIgnore]
    public IceCandidateType? Type => Parsed is { } c ? (IceCandidateType)c.Type : null;

    /// <summary>Which side opens the connection, for TCP.</summary>
    [JsonIgnore]
    public IceTcpCandidateType? TcpType => (IceTcpCandidateType?)Parsed?.TcpType;

    /// <summary>The address from which the candidate was derived, if it is not a host candidate.</summary>
    [JsonIgnore]
    public string? RelatedAddress => Parsed?.RelatedAddress?.ToIPAddress().ToString();

    /// <summary>The port from which the candidate was derived, if it is not a host candidate.</summary>
    [JsonIgnore]
    public int? RelatedPort => Parsed?.RelatedAddress?.Port;

    /// <summary>How the TURN server of a local relayed candidate is spoken to; it does not travel.</summary>
    [JsonIgnore]
    public IceServerTransportProtocol? RelayProtocol { get; init; }

    /// <summary>The URL of the server that a local candidate comes from; it does not travel.</summary>
    [JsonIgnore]
    public string? Url { get; init; }

    /// <summary>The core's form of this candidate, or <see langword="null"/> where the text does not parse.</summary>
    internal CoreCandidate? Parsed
    {
        get
        {
            if (!_isParsed)
            {
                _ = CoreCandidate.TryParse(Candidate, out _parsed);
                _isParsed = true;
            }

            return _parsed;
        }
    }

    /// <summary>Reads what <c>JSON.stringify(candidate)</c> gives in a browser.</summary>
    /// <exception cref="JsonException">The text is not such an object.</exception>
    public static IceCandidate FromJson(string json) =>
        JsonSerializer.Deserialize(json, WebRtcJsonContext.Default.IceCandidate) ?? throw new JsonException("A candidate is an object.");

    /// <summary>Writes what <c>JSON.stringify(candidate)</c> gives in a browser.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, WebRtcJsonContext.Default.IceCandidate);

    /// <summary>Two candidates are equal when what travels is equal.</summary>
    public bool Equals(IceCandidate? other) =>
        other is not null && Candidate == other.Candidate && SdpMid == other.SdpMid && SdpMLineIndex == other.SdpMLineIndex && UsernameFragment == other.UsernameFragment;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Candidate, SdpMid, SdpMLineIndex, UsernameFragment);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Candidate} (mid {SdpMid}, line {SdpMLineIndex})");
}
