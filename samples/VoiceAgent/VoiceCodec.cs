using WebRtcCore;
using WebRtcCore.Media;
using WebRtcCore.Media.Opus;

namespace VoiceAgent;

/// <summary>What the sound of a call travels as. To PCM and back it goes in the library, at the rate of <see cref="Voice"/>, whatever this is.</summary>
/// <param name="Description">For people.</param>
/// <param name="Codec">What encodes and decodes.</param>
/// <param name="MimeType">What is negotiated.</param>
internal sealed record VoiceCodec(string Description, IAudioCodec Codec, string MimeType)
{
    public const string Automatic = "auto";
    private const string OpusName = "opus";
    private const string G711Name = "g711";

    public static readonly string[] Names = [Automatic, OpusName, G711Name];

    private static readonly VoiceCodec Opus = new("Opus, 48 kHz", new OpusCodec(), "audio/opus");
    private static readonly VoiceCodec G711 = new("G.711, 8 kHz", G711Codec.Instance, "audio/PCMU");

    /// <summary>Whether nobody has asked for this codec: it stands in for one that needs a library which is not there.</summary>
    public bool IsFallback { get; private init; }

    /// <summary>The settings of a connection that negotiates this codec.</summary>
    public PeerConnectionOptions Options => PeerConnectionOptions.Default with
    {
        AudioCodecs = [Codec],
        AudioCapabilities = RtpCapabilities.DefaultAudio with { Codecs = [.. RtpCapabilities.DefaultAudio.Codecs.Where(c => c.MimeType == MimeType)] },
    };

    /// <summary>The codec of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="isOpusAvailable">Whether libopus is installed.</param>
    /// <returns>The codec; <see langword="null"/> where it is asked for by name and its library is not installed.</returns>
    public static VoiceCodec? Find(string name, bool isOpusAvailable) => name switch
    {
        G711Name => G711,
        _ when isOpusAvailable => Opus,
        Automatic => G711 with { IsFallback = true },
        _ => null,
    };
}
