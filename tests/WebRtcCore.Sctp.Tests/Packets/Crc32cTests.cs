using System.Text.Json;
using CsCheck;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Packets;

public class Crc32cTests
{
    [Test]
    public void Matches_the_vectors()
    {
        using var vectors = JsonDocument.Parse(TestData.ReadText("vectors/sctp_crc32c.json"));
        foreach (var vector in vectors.RootElement.GetProperty("crc32c").EnumerateArray())
        {
            var data = Bytes.FromHex(vector.GetProperty("data").GetString()!);
            var crc = Convert.ToUInt32(vector.GetProperty("crc").GetString(), 16);
            Assert.That(Crc32c.Compute(data), Is.EqualTo(crc));
            Assert.That(~Crc32c.UpdateSoftware(uint.MaxValue, data), Is.EqualTo(crc));
        }
    }

    [Test]
    public void Checks_the_packets_of_the_vectors()
    {
        using var vectors = JsonDocument.Parse(TestData.ReadText("vectors/sctp_crc32c.json"));
        foreach (var vector in vectors.RootElement.GetProperty("packets").EnumerateArray())
        {
            var packet = Bytes.FromHex(vector.GetProperty("packet").GetString()!);
            var isGood = PacketView.TryParse(packet, out var view) && view.HasValidChecksum;
            Assert.That(isGood, Is.EqualTo(vector.GetProperty("crc_le_ok").GetBoolean()));
        }
    }

    [Test]
    public void Hardware_and_software_agree_on_every_length_and_alignment()
    {
        var data = Bytes.Random(4000);
        for (var length = 0; length < 1300; length++)
        {
            var part = data.AsSpan(length % 7, length);
            Assert.That(Crc32c.Update(uint.MaxValue, part), Is.EqualTo(Crc32c.UpdateSoftware(uint.MaxValue, part)), $"length {length}");
        }

        Assert.That(Crc32c.Update(5, data), Is.EqualTo(Crc32c.UpdateSoftware(5, data)));
    }

    [Test]
    public void Is_the_same_in_pieces() => Gen.Byte.Array[0, 2000].SelectMany(data => Gen.Int[0, data.Length].Select(cut => (data, cut))).Sample(
        pair => Crc32c.Update(Crc32c.Update(uint.MaxValue, pair.data.AsSpan(0, pair.cut)), pair.data.AsSpan(pair.cut))
            == Crc32c.Update(uint.MaxValue, pair.data));
}
