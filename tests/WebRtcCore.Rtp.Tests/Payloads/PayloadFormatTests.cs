using System.Buffers;
using System.Text.Json;
using CsCheck;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Payloads;

/// <summary>The wire forms: vectors, round trips, and broken bytes.</summary>
public sealed class PayloadFormatTests
{
    private static readonly string[] Video = ["video/VP8", "video/VP9", "video/H264", "video/AV1"];
    private static readonly string[] All = [.. Video, "audio/opus", "audio/PCMU", "audio/PCMA", "audio/G722", "audio/L16", "audio/telephone-event"];

    [TestCaseSource(nameof(All))]
    public void Media_types_are_known_in_any_letter_case(string mimeType)
    {
        Assert.That(RtpPayloadFormats.IsSupported(mimeType.ToUpperInvariant()), Is.True);
        Assert.That(RtpPayloadFormats.CreatePacketizer(mimeType.ToUpperInvariant()), Is.Not.Null);
        Assert.That(RtpPayloadFormats.CreateDepacketizer(mimeType.ToUpperInvariant()), Is.Not.Null);
    }

    [Test]
    public void Other_media_types_are_refused()
    {
        Assert.That(RtpPayloadFormats.IsSupported("video/rtx"), Is.False);
        Assert.That(() => RtpPayloadFormats.CreatePacketizer("video/rtx"), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => RtpPayloadFormats.CreateDepacketizer("video/rtx"), Throws.TypeOf<NotSupportedException>());
    }

    [TestCaseSource(nameof(All))]
    public void What_is_cut_is_joined_to_the_same_bytes(string mimeType) =>
        Gen.Select(Gen.Byte.Array[1, 6000], Gen.Int[RtpPayloadFormats.MinPayloadSize, 1200], Gen.Int[1, 6]).Sample((bytes, maxPayloadSize, pieces) =>
        {
            var isAudio = mimeType.StartsWith("audio", StringComparison.Ordinal);
            var frame = Wrap(mimeType, isAudio ? bytes[..Math.Min(bytes.Length, maxPayloadSize)] : bytes, pieces);
            Assert.That(RtpPayloadFormats.IsFrame(mimeType, frame), Is.True);
            var packetizer = RtpPayloadFormats.CreatePacketizer(mimeType, "packetization-mode=1");
            var joined = PayloadRoundTrip.Join(mimeType, PayloadRoundTrip.Cut(packetizer, frame, maxPayloadSize));
            Assert.That(joined.Data.ToArray(), Is.EqualTo(frame));
        }, iter: 300);

    [Test]
    public void Vp8_descriptors_mean_what_the_vectors_say()
    {
        Assert.That(Vp8PayloadDescriptor.TryParse(Vector("vp8", 0), out var first), Is.True);
        Assert.That((first.Length, first.IsFrameStart, first.PictureId), Is.EqualTo((1, true, (int?)null)));
        Assert.That(Vp8PayloadDescriptor.TryParse(Vector("vp8", 1), out var second), Is.True);
        Assert.That((second.Length, second.IsFrameStart, second.PictureId), Is.EqualTo((4, true, (int?)0x123)));
        Assert.That(Vp8PayloadDescriptor.TryParse(Vector("vp8", 2), out var third), Is.True);
        Assert.That((third.Length, third.PictureId, third.TemporalBaseIndex, third.TemporalId), Is.EqualTo((6, (int?)0x123, (byte?)5, (int?)1)));
    }

    [Test]
    public void Vp9_descriptors_mean_what_the_vectors_say()
    {
        Assert.That(Vp9PayloadDescriptor.TryParse(Vector("vp9", 0), out var first), Is.True);
        Assert.That((first.Length, first.IsPictureStart, first.IsEnd, first.PictureId), Is.EqualTo((3, true, true, (int?)0x123)));
        Assert.That(Vp9PayloadDescriptor.TryParse(Vector("vp9", 1), out var second), Is.True);
        Assert.That((second.Length, second.TemporalId, second.SpatialId, second.TemporalBaseIndex), Is.EqualTo((5, 1, 0, (byte?)7)));
    }

    [Test]
    public void H264_payloads_are_joined_as_the_vectors_say()
    {
        using var vectors = Vectors();
        var h264 = vectors.RootElement.GetProperty("h264");
        byte[] Hex(string name) => Convert.FromHexString(h264.GetProperty(name).GetString()!);
        var fragments = h264.GetProperty("fu_a").EnumerateArray().Select(f => Convert.FromHexString(f.GetProperty("hex").GetString()!)).ToList();
        byte[] startCode = [0, 0, 0, 1];
        byte[] expected = [.. startCode, .. Hex("single"), .. startCode, 0x68, 0xCE, 0x3C, 0x80, .. startCode, .. Hex("fu_reassembled")];
        var joined = PayloadRoundTrip.Join("video/H264", [Hex("stap_a"), .. fragments]);
        Assert.That(joined.Data.ToArray(), Is.EqualTo(expected));
        Assert.That(joined.IsKeyFrame, Is.True);
        Assert.That(PayloadRoundTrip.Join("video/H264", [Hex("single")]).Data.ToArray(), Is.EqualTo((byte[])[.. startCode, .. Hex("single")]));
    }

    [Test]
    public void Av1_payloads_are_joined_as_the_vectors_say()
    {
        using var vectors = Vectors();
        var payload = Convert.FromHexString(vectors.RootElement.GetProperty("av1")[1].GetProperty("hex").GetString()!);
        Assert.That(PayloadRoundTrip.Join("video/AV1", [payload]).Data.ToArray(), Is.EqualTo(new byte[] { 0x12, 0x00, 0x32, 0x02, 0xAA, 0xBB }).Or.EqualTo(
            new byte[] { 0x12, 0x00, 0x32, 0x01, 0xAA }));
    }

    [Test]
    public void H264_without_fragments_refuses_a_unit_too_large_for_a_packet()
    {
        var packetizer = RtpPayloadFormats.CreatePacketizer("video/H264", "packetization-mode=0");
        Assert.That(packetizer.TryBegin(Wrap("video/H264", new byte[2000], 1), 1200), Is.False);
        Assert.That(packetizer.TryWriteNext(new byte[1200], out _, out _), Is.False);
        Assert.That(PayloadRoundTrip.Cut(packetizer, Wrap("video/H264", new byte[900], 3), 1200), Has.Count.EqualTo(4));
    }

    [Test]
    public void Small_h264_units_travel_together()
    {
        var packetizer = RtpPayloadFormats.CreatePacketizer("video/H264", "packetization-mode=1");
        var payloads = PayloadRoundTrip.Cut(packetizer, Wrap("video/H264", new byte[90], 3), 1200);
        Assert.That(payloads.Single()[0] & 0x1F, Is.EqualTo(24));
    }

    [Test]
    public void Slices_of_a_frame_are_equal_but_the_last()
    {
        var lengths = PayloadRoundTrip.Cut(RtpPayloadFormats.CreatePacketizer("video/VP8"), new byte[10_000], 1100).Select(p => p.Length).ToList();
        Assert.That(lengths[..^1].Distinct().Count(), Is.EqualTo(1));
        Assert.That(lengths[^1], Is.InRange(900, lengths[0]));
    }

    [TestCaseSource(nameof(All))]
    public void Broken_payloads_never_throw(string mimeType)
    {
        var packetizer = RtpPayloadFormats.CreatePacketizer(mimeType, "packetization-mode=1");
        var frame = Wrap(mimeType, new byte[mimeType.StartsWith("audio", StringComparison.Ordinal) ? 60 : 400], 3);
        var depacketizer = RtpPayloadFormats.CreateDepacketizer(mimeType);
        var output = new ArrayBufferWriter<byte>();
        foreach (var payload in PayloadRoundTrip.Cut(packetizer, frame, 100))
        {
            Mangling.Each(payload, bytes =>
            {
                output.ResetWrittenCount();
                depacketizer.IsFrameStart(bytes);
                depacketizer.Begin();
                depacketizer.TryAppend(bytes, output);
                depacketizer.TryAppend(bytes, output);
                depacketizer.TryComplete(out _);
                RtpPayloadFormats.IsFrame(mimeType, bytes);
                packetizer.TryBegin(bytes.ToArray(), RtpPayloadFormats.MinPayloadSize);
            });
        }
    }

    // A frame in the form that the API takes; where the codec has units, the description of the sequence and then several. No zero bytes: encoders escape them in H.264.
    internal static byte[] Wrap(string mimeType, byte[] bytes, int pieces)
    {
        if (mimeType is not ("video/H264" or "video/AV1"))
        {
            return bytes;
        }

        var content = bytes.Select(b => b == 0 ? (byte)1 : b).ToArray();
        var frame = new ArrayBufferWriter<byte>();
        if (mimeType == "video/AV1")
        {
            frame.Write<byte>([0x12, 0, 0x0A, 1, 0x55]);
        }
        else
        {
            frame.Write<byte>([0, 0, 0, 1, 0x67, 0x42]);
        }

        foreach (var piece in content.Chunk((content.Length + pieces - 1) / pieces))
        {
            if (mimeType == "video/H264")
            {
                frame.Write<byte>([0, 0, 0, 1, 0x65]);
            }
            else
            {
                frame.Write<byte>([0x32]);
                Leb128.Write(frame, piece.Length);
            }

            frame.Write<byte>(piece);
        }

        return frame.WrittenSpan.ToArray();
    }

    private static JsonDocument Vectors() => JsonDocument.Parse(TestData.ReadText("vectors/rtp_payload_examples.json"));

    private static byte[] Vector(string codec, int index)
    {
        using var vectors = Vectors();
        return Convert.FromHexString(vectors.RootElement.GetProperty(codec)[index].GetProperty("desc").GetString()!);
    }
}
