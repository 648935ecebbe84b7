using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// The data of use_srtp (RFC 5764 4.1.1): the profiles, and a master key identifier that WebRTC leaves empty.
/// <code>
/// +--------+-------------+---+------------+-----
/// | length | profile ... |   | mki length | mki
/// +--------+-------------+---+------------+-----
/// </code>
/// </summary>
internal sealed record UseSrtpExtension(ushort[] Profiles, byte[] MasterKeyIdentifier)
{
    public int EncodedLength => 2 + (Profiles.Length * 2) + 1 + MasterKeyIdentifier.Length;

    public static bool TryParse(ReadOnlySpan<byte> data, out UseSrtpExtension? extension)
    {
        extension = null;
        var reader = new SpanReader(data);
        if (!reader.TryReadVector16(out var list)
            || !UInt16Vector.TryParse(list, out var profiles)
            || !reader.TryReadVector8(out var mki)
            || !reader.IsAtEnd)
        {
            return false;
        }

        extension = new UseSrtpExtension(profiles, mki.ToArray());
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt16((ushort)(Profiles.Length * 2));
        foreach (var profile in Profiles)
        {
            writer.WriteUInt16(profile);
        }

        writer.WriteByte((byte)MasterKeyIdentifier.Length);
        writer.WriteBytes(MasterKeyIdentifier);
    }

    public byte[] ToArray()
    {
        var data = new byte[EncodedLength];
        var writer = new SpanWriter(data);
        Write(ref writer);
        return data;
    }
}
