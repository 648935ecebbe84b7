using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Tests;

/// <summary>A datagram on its way between the ends of a <see cref="DtlsPair"/>.</summary>
/// <param name="FromClient">Who sent it.</param>
/// <param name="Index">The how-manieth of its sender it is.</param>
/// <param name="Data">Its bytes.</param>
internal sealed record SentDatagram(bool FromClient, int Index, byte[] Data)
{
    /// <summary>The records in it.</summary>
    public List<byte[]> Records
    {
        get
        {
            var records = new List<byte[]>();
            var rest = Data.AsSpan();
            while (RecordHeader.TryParse(rest, out var header))
            {
                var length = RecordHeader.Length + header.FragmentLength;
                records.Add(rest[..length].ToArray());
                rest = rest[length..];
            }

            return records;
        }
    }

    /// <summary>What a record is, for messages about a failing cell of a matrix.</summary>
    public static string Describe(byte[] record)
    {
        Assert.That(RecordHeader.TryParse(record, out var header), Is.True);
        if (header.Type != ContentType.Handshake)
        {
            return header.Type.ToString();
        }

        return header.Epoch == 0 ? ((HandshakeType)record[RecordHeader.Length]).ToString() : "Finished";
    }
}
