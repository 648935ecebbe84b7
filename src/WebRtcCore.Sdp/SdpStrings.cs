using System.Globalization;

namespace WebRtcCore.Sdp;

/// <summary>Shared instances of the words that every description repeats, so that parsing does not allocate them again.</summary>
internal static class SdpStrings
{
    private static readonly string[] PayloadTypes =
        [.. Enumerable.Range(0, SdpLimits.MaxPayloadType + 1).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    internal static string PayloadType(byte value) => PayloadTypes[value];

    internal static string Kind(ReadOnlySpan<char> text) => text switch
    {
        "audio" => "audio",
        "video" => "video",
        "application" => "application",
        _ => text.ToString(),
    };

    internal static string Protocol(ReadOnlySpan<char> text) => text switch
    {
        SdpMedia.RtpProtocol => SdpMedia.RtpProtocol,
        SdpMedia.SctpProtocol => SdpMedia.SctpProtocol,
        _ => text.ToString(),
    };

    internal static string Format(ReadOnlySpan<char> text) =>
        text is SdpMedia.DataChannelFormat ? SdpMedia.DataChannelFormat : text.ToString();

    internal static string Encoding(ReadOnlySpan<char> text) => text switch
    {
        "opus" => "opus",
        "VP8" => "VP8",
        "VP9" => "VP9",
        "AV1" => "AV1",
        "H264" => "H264",
        "rtx" => "rtx",
        "red" => "red",
        "ulpfec" => "ulpfec",
        "telephone-event" => "telephone-event",
        "PCMU" => "PCMU",
        "PCMA" => "PCMA",
        "G722" => "G722",
        "CN" => "CN",
        _ => text.ToString(),
    };

    internal static string Feedback(ReadOnlySpan<char> text) => text switch
    {
        "nack" => "nack",
        "pli" => "pli",
        "ccm" => "ccm",
        "fir" => "fir",
        "goog-remb" => "goog-remb",
        "transport-cc" => "transport-cc",
        _ => text.ToString(),
    };
}
