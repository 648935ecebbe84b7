using System.Collections.Frozen;
using System.Text;

namespace WebRtcCore;

/// <summary>The exact strings that W3C gives to the values of this library's enums, such as <c>have-local-offer</c>.</summary>
public static class W3CString
{
    /// <summary>The W3C string of an enum value.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is no value of its enum.</exception>
    public static string ToW3CString<TEnum>(this TEnum value)
        where TEnum : struct, Enum =>
        Table<TEnum>.Names.TryGetValue(value, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(value));

    /// <summary>Finds the enum value that has the given W3C string. Case matters, as in the browser.</summary>
    public static bool TryParse<TEnum>(string? text, out TEnum value)
        where TEnum : struct, Enum
    {
        value = default;
        return text is not null && Table<TEnum>.Values.TryGetValue(text, out value);
    }

    // Names that are not simply their words joined by hyphens.
    private static string Convert(string name) => name switch
    {
        nameof(RtpTransceiverDirection.SendRecv) => "sendrecv",
        nameof(RtpTransceiverDirection.SendOnly) => "sendonly",
        nameof(RtpTransceiverDirection.RecvOnly) => "recvonly",
        nameof(IceCandidateType.ServerReflexive) => "srflx",
        nameof(IceCandidateType.PeerReflexive) => "prflx",
        nameof(SdpType.PrAnswer) => "pranswer",
        nameof(SignalingState.HaveLocalPrAnswer) => "have-local-pranswer",
        nameof(SignalingState.HaveRemotePrAnswer) => "have-remote-pranswer",
        _ => Hyphenate(name),
    };

    private static string Hyphenate(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static class Table<TEnum>
        where TEnum : struct, Enum
    {
        internal static readonly FrozenDictionary<TEnum, string> Names =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => Convert(value.ToString()));

        internal static readonly FrozenDictionary<string, TEnum> Values =
            Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
