using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Messages;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>The extensions of DTLS 1.2 hellos: what goes into them, and what an answer may hold.</summary>
internal static class HelloExtensionRules
{
    // One vector with the one value "uncompressed" (RFC 8422 5.1.2).
    private static ReadOnlySpan<byte> UncompressedPoints => [1, 0];

    // renegotiated_connection of a first handshake is empty (RFC 5746 3.2).
    private static ReadOnlySpan<byte> EmptyRenegotiationInfo => [0];

    public static HelloExtensions Offer(DtlsOptions options)
    {
        var extensions = new HelloExtensions();
        extensions.Add(ExtensionType.ExtendedMasterSecret, []);
        extensions.Add(ExtensionType.RenegotiationInfo, EmptyRenegotiationInfo);
        extensions.AddUInt16List(ExtensionType.SupportedGroups, [.. options.Groups.Select(group => (ushort)group)]);
        extensions.Add(ExtensionType.EcPointFormats, UncompressedPoints);
        extensions.AddUInt16List(ExtensionType.SignatureAlgorithms, [.. Signatures.Supported.ToArray().Select(scheme => (ushort)scheme)]);
        if (options.SrtpProfiles.Count != 0)
        {
            var profiles = options.SrtpProfiles.Select(profile => (ushort)profile).ToArray();
            extensions.Add(ExtensionType.UseSrtp, new UseSrtpExtension(profiles, []).ToArray());
        }

        return extensions;
    }

    /// <summary>A server answers what was offered, and nothing else (RFC 5246 7.4.1.4).</summary>
    public static HelloExtensions Answer(ClientHello offer, SrtpProtectionProfile? srtpProfile)
    {
        var extensions = new HelloExtensions();
        extensions.Add(ExtensionType.ExtendedMasterSecret, []);
        if (offer.Extensions.Contains(ExtensionType.RenegotiationInfo) || offer.CipherSuites.Contains(ClientHello.RenegotiationInfoSignal))
        {
            extensions.Add(ExtensionType.RenegotiationInfo, EmptyRenegotiationInfo);
        }

        if (offer.Extensions.Contains(ExtensionType.EcPointFormats))
        {
            extensions.Add(ExtensionType.EcPointFormats, UncompressedPoints);
        }

        if (srtpProfile is { } profile)
        {
            // RFC 5764 4.1.3: an empty MKI in the answer means that none is used, whatever the client had in mind.
            extensions.Add(ExtensionType.UseSrtp, new UseSrtpExtension([(ushort)profile], []).ToArray());
        }

        return extensions;
    }

    /// <summary>RFC 5746 3.4, 3.6: in a first handshake the extension is absent or empty.</summary>
    public static bool IsRenegotiationInfoAcceptable(HelloExtensions extensions) =>
        !extensions.TryGet(ExtensionType.RenegotiationInfo, out var data) || data.SequenceEqual(EmptyRenegotiationInfo);

    /// <summary>RFC 7627 5.1: the extension is empty.</summary>
    public static bool HasExtendedMasterSecret(HelloExtensions extensions) =>
        extensions.TryGet(ExtensionType.ExtendedMasterSecret, out var data) && data.IsEmpty;

    /// <summary>The server's choice among the client's SRTP profiles, in the server's order; <see langword="null"/> if there is none.</summary>
    public static SrtpProtectionProfile? ChooseSrtpProfile(HelloExtensions offer, IReadOnlyList<SrtpProtectionProfile> own)
    {
        if (!offer.TryGet(ExtensionType.UseSrtp, out var data) || !UseSrtpExtension.TryParse(data, out var offered))
        {
            return null;
        }

        foreach (var profile in own)
        {
            if (offered!.Profiles.Contains((ushort)profile))
            {
                return profile;
            }
        }

        return null;
    }

    /// <summary>
    /// What a server answered to use_srtp. RFC 5764 4.1.1, 4.1.3: exactly one profile, one of those offered, and no MKI since none was offered; otherwise <see langword="false"/>.
    /// No answer at all is fine: there will be no media.
    /// </summary>
    public static bool TryReadSrtpAnswer(HelloExtensions answer, IReadOnlyList<SrtpProtectionProfile> offered, out SrtpProtectionProfile? profile)
    {
        profile = null;
        if (!answer.TryGet(ExtensionType.UseSrtp, out var data))
        {
            return true;
        }

        if (!UseSrtpExtension.TryParse(data, out var chosen)
            || chosen!.Profiles.Length != 1
            || chosen.MasterKeyIdentifier.Length != 0
            || !offered.Contains((SrtpProtectionProfile)chosen.Profiles[0]))
        {
            return false;
        }

        profile = (SrtpProtectionProfile)chosen.Profiles[0];
        return true;
    }
}
