namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>The header extensions agreed for a BUNDLE group: which local identifier means what, both ways. Immutable.</summary>
public sealed class RtpHeaderExtensionMap
{
    // As long as the highest identifier asks for: 15 where the one-byte form is used.
    private readonly RtpHeaderExtensionKind[] _kinds;
    private readonly string?[] _uris;
    private readonly byte[] _ids = new byte[Enum.GetValues<RtpHeaderExtensionKind>().Length];

    /// <summary>Makes a map of <paramref name="extensions"/>.</summary>
    /// <exception cref="ArgumentException">An identifier is 0 or 15, or stands for two URIs.</exception>
    public RtpHeaderExtensionMap(IEnumerable<RtpHeaderExtension> extensions)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        var agreed = extensions.ToArray();
        var length = agreed.Length == 0 ? 0 : agreed.Max(extension => extension.Id) + 1;
        _kinds = new RtpHeaderExtensionKind[length];
        _uris = new string?[length];
        foreach (var extension in agreed)
        {
            if (extension.Id is 0 or 15 || (_uris[extension.Id] is { } uri && uri != extension.Uri))
            {
                throw new ArgumentException($"The header extension identifier {extension.Id} is not allowed or stands for two extensions.", nameof(extensions));
            }

            var kind = ToKind(extension.Uri);
            _uris[extension.Id] = extension.Uri;
            _kinds[extension.Id] = kind;
            if (_ids[(int)kind] == 0)
            {
                _ids[(int)kind] = extension.Id;
            }
        }
    }

    /// <summary>A map without any extension.</summary>
    public static RtpHeaderExtensionMap Empty { get; } = new([]);

    /// <summary>What the local identifier <paramref name="id"/> stands for.</summary>
    public RtpHeaderExtensionKind GetKind(byte id) => id < _kinds.Length ? _kinds[id] : RtpHeaderExtensionKind.None;

    /// <summary>The URI that <paramref name="id"/> stands for, or <see langword="null"/>.</summary>
    public string? GetUri(byte id) => id < _uris.Length ? _uris[id] : null;

    /// <summary>The local identifier of a known extension, or 0 if it is not agreed.</summary>
    /// <param name="kind">Any value but <see cref="RtpHeaderExtensionKind.None"/> and <see cref="RtpHeaderExtensionKind.Other"/>.</param>
    public byte GetId(RtpHeaderExtensionKind kind) =>
        kind is RtpHeaderExtensionKind.None or RtpHeaderExtensionKind.Other ? (byte)0 : _ids[(int)kind];

    /// <summary>The local identifier of the extension <paramref name="uri"/>, or 0 if it is not agreed.</summary>
    public byte GetId(string uri)
    {
        var index = Array.IndexOf(_uris, uri);
        return index < 0 ? (byte)0 : (byte)index;
    }

    private static RtpHeaderExtensionKind ToKind(string uri) => uri switch
    {
        RtpHeaderExtensionUri.Mid => RtpHeaderExtensionKind.Mid,
        RtpHeaderExtensionUri.RtpStreamId => RtpHeaderExtensionKind.RtpStreamId,
        RtpHeaderExtensionUri.RepairedRtpStreamId => RtpHeaderExtensionKind.RepairedRtpStreamId,
        RtpHeaderExtensionUri.AudioLevel => RtpHeaderExtensionKind.AudioLevel,
        RtpHeaderExtensionUri.TransmissionTimeOffset => RtpHeaderExtensionKind.TransmissionTimeOffset,
        RtpHeaderExtensionUri.AbsoluteSendTime => RtpHeaderExtensionKind.AbsoluteSendTime,
        RtpHeaderExtensionUri.TransportSequenceNumber => RtpHeaderExtensionKind.TransportSequenceNumber,
        RtpHeaderExtensionUri.VideoOrientation => RtpHeaderExtensionKind.VideoOrientation,
        RtpHeaderExtensionUri.PlayoutDelay => RtpHeaderExtensionKind.PlayoutDelay,
        RtpHeaderExtensionUri.AbsoluteCaptureTime => RtpHeaderExtensionKind.AbsoluteCaptureTime,
        RtpHeaderExtensionUri.VideoContentType => RtpHeaderExtensionKind.VideoContentType,
        RtpHeaderExtensionUri.VideoTiming => RtpHeaderExtensionKind.VideoTiming,
        RtpHeaderExtensionUri.ColorSpace => RtpHeaderExtensionKind.ColorSpace,
        RtpHeaderExtensionUri.CsrcAudioLevel => RtpHeaderExtensionKind.CsrcAudioLevel,
        RtpHeaderExtensionUri.DependencyDescriptor => RtpHeaderExtensionKind.DependencyDescriptor,
        RtpHeaderExtensionUri.VideoLayersAllocation => RtpHeaderExtensionKind.VideoLayersAllocation,
        _ => RtpHeaderExtensionKind.Other,
    };
}
