using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>Which version a server answers a ClientHello with.</summary>
internal static class VersionSelection
{
    /// <summary>The best common version, or <see langword="null"/>.</summary>
    public static DtlsVersion? Choose(ClientHello hello)
    {
        if (hello.Extensions.TryGet(ExtensionType.SupportedVersions, out var data))
        {
            // RFC 8446 4.2.1: where the extension is there, it alone counts.
            return data.Length > 0
                && data[0] == data.Length - 1
                && UInt16Vector.TryParse(data[1..], out var versions)
                && versions.Contains(RecordHeader.Dtls12)
                    ? DtlsVersion.Dtls12
                    : null;
        }

        // RFC 6347 4.1: version numbers are ones' complements, so a later version is a smaller number.
        return hello.Version <= RecordHeader.Dtls12 && hello.Version >> 8 == 0xFE ? DtlsVersion.Dtls12 : null;
    }
}
