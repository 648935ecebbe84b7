namespace WebRtcCore.Sdp;

/// <summary><c>a=rtcp:&lt;port&gt; [&lt;address&gt;]</c>: where RTCP would go without <c>rtcp-mux</c> (RFC 3605 2.1).</summary>
/// <param name="Port">The port; 9 where it means nothing.</param>
/// <param name="Address">Network type, address type and address; empty where they are left out.</param>
public readonly record struct SdpRtcp(ushort Port, string Address = "") : ISdpAttribute<SdpRtcp>
{
    /// <inheritdoc/>
    public static string AttributeName => "rtcp";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpRtcp attribute)
    {
        var reader = new SdpFieldReader(value);
        if (!reader.TryReadPort(out var port))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpRtcp(port, reader.Rest.ToString());
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => Address.Length == 0 ? SdpText.Format(Port) : $"{Port} {Address}";

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => new SdpFieldReader(value).TryReadPort(out _);
}
