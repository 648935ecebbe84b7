using CsCheck;
using WebRtcCore.Media.KeyFrames;
using WebRtcCore.Media.Matroska;

namespace WebRtcCore.Media.Tests.KeyFrames;

public sealed class KeyFrameTests
{
    [TestCase("plain-av-vp8.pcap", "video/VP8", 96, MatroskaCodec.Vp8)]
    [TestCase("plain-av-vp9.pcap", "video/VP9", 98, MatroskaCodec.Vp9)]
    [TestCase("plain-av-av1.pcap", "video/AV1", 45, MatroskaCodec.Av1)]
    [TestCase("plain-av-h264.pcap", "video/H264", 102, MatroskaCodec.H264)]
    public void A_browsers_key_frame_tells_the_size_of_its_pictures(string file, string mimeType, byte payloadType, MatroskaCodec codec)
    {
        var frames = CapturedFrames.Read(file, mimeType, payloadType);
        Assert.That(TrackConfiguration.OfVideo(codec, frames[0].Data.Span)?.Size, Is.EqualTo(new VideoSize(640, 480)));
        Assert.That(TrackConfiguration.OfVideo(codec, frames.First(f => !f.IsKeyFrame).Data.Span), Is.Null, "Other frames do not.");
    }

    [TestCase(MatroskaCodec.Vp8)]
    [TestCase(MatroskaCodec.Vp9)]
    [TestCase(MatroskaCodec.Av1)]
    [TestCase(MatroskaCodec.H264)]
    public void Rubbish_tells_nothing_or_something_but_never_throws(MatroskaCodec codec) =>
        Gen.Byte.Array[0, 80].Sample(bytes => { _ = TrackConfiguration.OfVideo(codec, bytes); }, iter: 5000);

    [Test]
    public void Every_prefix_and_changed_byte_of_real_headers_is_read_without_an_exception()
    {
        foreach (var (file, mimeType, payloadType, codec) in new[]
        {
            ("plain-av-vp9.pcap", "video/VP9", (byte)98, MatroskaCodec.Vp9),
            ("plain-av-av1.pcap", "video/AV1", (byte)45, MatroskaCodec.Av1),
            ("plain-av-h264.pcap", "video/H264", (byte)102, MatroskaCodec.H264),
        })
        {
            var header = CapturedFrames.Read(file, mimeType, payloadType)[0].Data.ToArray()[..64];
            for (var i = 0; i < header.Length; i++)
            {
                _ = TrackConfiguration.OfVideo(codec, header.AsSpan(0, i));
                for (var value = 0; value < 256; value++)
                {
                    var changed = (byte[])header.Clone();
                    changed[i] = (byte)value;
                    _ = TrackConfiguration.OfVideo(codec, changed);
                }
            }
        }
    }

    [Test]
    public void A_sequence_header_of_h264_is_cropped()
    {
        // A High profile set as x264 writes it for 1920 x 1080: 120 x 68 macroblocks, of which 8 rows are cropped.
        byte[] unit = [0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0xC0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xF0, 0x3C, 0x60, 0xC6, 0x58];
        Assert.That(H264SequenceParameterSet.TryRead(unit, out var parameters), Is.True);
        Assert.That(parameters, Is.EqualTo(new H264SequenceParameterSet(new VideoSize(1920, 1080), 1, 8, 8)));
    }
}
