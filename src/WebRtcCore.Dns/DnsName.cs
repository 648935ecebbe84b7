using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>Domain names as text: labels with dots between them, compared without regard to case.</summary>
internal static class DnsName
{
    private const string LocalSuffix = ".local";

    /// <summary>
    /// Whether a candidate's address is a name to be resolved by multicast: one label and <c>.local</c>, no other dot
    /// (draft-ietf-mmusic-mdns-ice-candidates, 3.2.1). Everything else with a name in it is not looked up at all.
    /// </summary>
    public static bool IsMulticastCandidateName(string name) =>
        name.EndsWith(LocalSuffix, StringComparison.OrdinalIgnoreCase) && name.IndexOf('.', StringComparison.Ordinal) == name.Length - LocalSuffix.Length && IsValid(name);

    /// <summary>A name that nobody else has: a random UUID (RFC 9562, version 4) and <c>.local</c>.</summary>
    public static string CreateUnique(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return string.Concat(new Guid(bytes, bigEndian: true).ToString("D"), LocalSuffix);
    }

    /// <summary>Whether a text can be written as a name: labels of 1 to 63 printable characters, 255 bytes in all. A dot at the end is allowed.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        name = WithoutRoot(name);
        if (name.IsEmpty || name.Length + 2 > DnsFormat.MaxNameLength || name.ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        foreach (var label in name.Split('.'))
        {
            if (name[label].Length is 0 or > DnsFormat.MaxLabelLength)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many bytes a valid name takes, without compression.</summary>
    public static int GetEncodedLength(ReadOnlySpan<char> name) => WithoutRoot(name).Length + 2;

    /// <summary>Writes a valid name without compression.</summary>
    public static void Write(ref SpanWriter writer, ReadOnlySpan<char> name)
    {
        name = WithoutRoot(name);
        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            writer.WriteByte((byte)label.Length);
            foreach (var c in label)
            {
                writer.WriteByte((byte)c);
            }
        }

        writer.WriteByte(0);
    }

    private static ReadOnlySpan<char> WithoutRoot(ReadOnlySpan<char> name) => name.EndsWith('.') ? name[..^1] : name;
}
