using System.Buffers.Binary;
using CsCheck;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.HeaderExtensions;

/// <summary>The header extensions that describe pictures, and the capture time.</summary>
public sealed class VideoHeaderExtensionTests
{
    private const byte DescriptorId = 13;
    private const byte AllocationId = 14;

    [Test]
    public void Capture_times_survive_with_and_without_an_offset()
    {
        foreach (var offset in new TimeSpan?[] { null, TimeSpan.Zero, TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(-250) })
        {
            var time = new AbsoluteCaptureTime(new NtpTimestamp(0xE1234567_89ABCDEF), offset);
            var bytes = new byte[time.EncodedLength];
            time.Write(bytes);
            Assert.That(AbsoluteCaptureTime.TryParse(bytes, out var read), Is.True);
            Assert.That(read, Is.EqualTo(time));
            Assert.That(AbsoluteCaptureTime.TryParse(bytes.AsSpan(1), out _), Is.False);
        }
    }

    [Test]
    public void Content_types_survive_and_bits_of_old_experiments_are_ignored()
    {
        Assert.That(VideoContentType.TryParse([0x0D], out var type), Is.True);
        Assert.That(type.IsScreenshare, Is.True);
        var bytes = new byte[1];
        type.Write(bytes);
        Assert.That(bytes[0], Is.EqualTo(1));
        Assert.That(VideoContentType.TryParse([], out _), Is.False);
    }

    [Test]
    public void Timings_survive_and_the_form_without_flags_is_read() => Gen.Byte.Array[VideoTiming.EncodedLength].Sample(bytes =>
    {
        Assert.That(VideoTiming.TryParse(bytes, out var timing), Is.True);
        var written = new byte[VideoTiming.EncodedLength];
        timing.Write(written);
        Assert.That(written, Is.EqualTo(bytes));
        Assert.That(VideoTiming.TryParse(bytes.AsSpan(1), out var old), Is.True);
        Assert.That(old, Is.EqualTo(timing with { Flags = 0 }));
        Assert.That(VideoTiming.TryParse(bytes.AsSpan(2), out _), Is.False);
    });

    [Test]
    public void Color_spaces_survive_with_and_without_high_dynamic_range() => Gen.Byte.Array[ColorSpace.MaxEncodedLength].Sample(bytes =>
    {
        bytes[3] &= 0x3F;
        foreach (var length in new[] { 4, ColorSpace.MaxEncodedLength })
        {
            Assert.That(ColorSpace.TryParse(bytes.AsSpan(0, length), out var space), Is.True);
            Assert.That(space.EncodedLength, Is.EqualTo(length));
            var written = new byte[length];
            space.Write(written);
            Assert.That(written, Is.EqualTo(bytes[..length]));
            Assert.That(ColorSpace.TryParse(bytes.AsSpan(0, length - 1), out _), Is.False);
        }
    });

    [Test]
    public void Levels_of_contributing_sources_survive_and_padding_is_no_level()
    {
        var bytes = new byte[4];
        CsrcAudioLevels.Write(bytes, [0, 127, 200]);
        Assert.That(bytes, Is.EqualTo(new byte[] { 0, 127, 127, 0 }));
        Assert.That(CsrcAudioLevels.TryParse(bytes, 3, out var levels), Is.True);
        Assert.That((levels.Count, levels[0], levels[1]), Is.EqualTo((3, (byte)0, (byte)127)));
        Assert.That(CsrcAudioLevels.TryParse(bytes, 5, out _), Is.False);
    }

    [TestCase("plain-simulcast3-vp8.pcap", 1)]
    [TestCase("plain-svc-vp9-L3T3.pcap", 3)]
    public void Every_dependency_descriptor_of_a_browser_is_read_and_written_the_same(string file, int spatialLayers)
    {
        var structures = new Dictionary<uint, DependencyStructure>();
        var count = 0;
        foreach (var (packet, value) in Values(file, DescriptorId))
        {
            var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
            var structure = structures.GetValueOrDefault(ssrc);
            if (!DependencyDescriptor.TryParse(value, structure, out var descriptor))
            {
                Assert.That(structure, Is.Null, Convert.ToHexString(value));
                continue;
            }

            structures[ssrc] = structure = descriptor!.Structure ?? structure!;
            Assert.That(structure.HighestSpatialId + 1, Is.EqualTo(spatialLayers));
            Assert.That(descriptor.Frame.DecodeTargets, Has.Count.EqualTo(structure.DecodeTargetCount));
            var written = new byte[DependencyDescriptor.MaxEncodedLength];
            Assert.That(descriptor.TryWrite(written, structure, out var length), Is.True);
            Assert.That(Convert.ToHexString(written.AsSpan(0, length)), Is.EqualTo(Convert.ToHexString(value)));
            for (var cut = 0; cut < value.Length; cut++)
            {
                _ = DependencyDescriptor.TryParse(value.AsSpan(0, cut), structure, out _);
            }

            count++;
        }

        Assert.That(count, Is.GreaterThan(50));
    }

    [TestCase("plain-simulcast3-vp8.pcap")]
    [TestCase("plain-svc-vp9-L3T3.pcap")]
    public void Every_allocation_of_a_browser_is_read_and_written_the_same(string file)
    {
        var count = 0;
        foreach (var (_, value) in Values(file, AllocationId))
        {
            Assert.That(VideoLayersAllocation.TryParse(value, out var allocation), Is.True, Convert.ToHexString(value));
            Assert.That(allocation!.Layers, Is.Not.Empty);
            Assert.That(allocation.Layers.Select(l => l.BitratesKbps.Count), Is.All.InRange(1, 4));
            var written = new byte[255];
            Assert.That(Convert.ToHexString(written.AsSpan(0, allocation.Write(written))), Is.EqualTo(Convert.ToHexString(value)));
            count++;
        }

        Assert.That(count, Is.GreaterThan(0));
    }

    [Test]
    public void Allocations_of_unequal_streams_survive()
    {
        var allocation = new VideoLayersAllocation
        {
            StreamIndex = 2,
            Layers =
            [
                new() { StreamIndex = 0, SpatialId = 0, BitratesKbps = [100, 150], Width = 320, Height = 180, FrameRate = 30 },
                new() { StreamIndex = 1, SpatialId = 0, BitratesKbps = [300], Width = 640, Height = 360, FrameRate = 30 },
                new() { StreamIndex = 1, SpatialId = 1, BitratesKbps = [900, 1000, 1200, 70_000], Width = 1280, Height = 720, FrameRate = 60 },
                new() { StreamIndex = 2, SpatialId = 3, BitratesKbps = [1], Width = 65_536, Height = 1, FrameRate = 1 },
            ],
        };
        var bytes = new byte[255];
        var length = allocation.Write(bytes);
        Assert.That(VideoLayersAllocation.TryParse(bytes.AsSpan(0, length), out var read), Is.True);
        Assert.That(read!.StreamIndex, Is.EqualTo(2));
        Assert.That(read.Layers.Select(Describe), Is.EqualTo(allocation.Layers.Select(Describe)));
        for (var cut = 0; cut < length; cut++)
        {
            _ = VideoLayersAllocation.TryParse(bytes.AsSpan(0, cut), out _);
        }

        Assert.That(VideoLayersAllocation.TryParse([0x40], out read), Is.True);
        Assert.That((read!.StreamIndex, read.Layers.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Garbage_never_throws() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        if (DependencyDescriptor.TryParse(bytes, null, out var descriptor))
        {
            _ = descriptor!.TryWrite(new byte[1000], descriptor.Structure!, out _);
        }

        _ = VideoLayersAllocation.TryParse(bytes, out _);
    });

    [Test]
    public void What_a_frame_says_of_its_own_is_written_even_if_no_template_has_it()
    {
        var structure = new DependencyStructure
        {
            TemplateIdOffset = 62,
            DecodeTargetCount = 2,
            ChainCount = 1,
            ProtectingChains = [0, 0],
            Resolutions = [(640, 360)],
            Templates =
            [
                new() { DecodeTargets = [DecodeTargetIndication.Switch, DecodeTargetIndication.Switch], ChainDistances = [0] },
                new() { DecodeTargets = [DecodeTargetIndication.Required, DecodeTargetIndication.Required], FrameDistances = [2], ChainDistances = [2] },
                new() { TemporalId = 1, DecodeTargets = [DecodeTargetIndication.NotPresent, DecodeTargetIndication.Discardable], FrameDistances = [1], ChainDistances = [1] },
            ],
        };
        var frame = structure.Templates[1] with { FrameDistances = [2, 300, 4096], ChainDistances = [200] };
        var descriptor = new DependencyDescriptor { IsStartOfFrame = true, FrameNumber = 0xFFFF, Structure = structure, ActiveDecodeTargets = 1, Frame = frame };
        var bytes = new byte[100];
        Assert.That(descriptor.TryWrite(bytes, structure, out var length), Is.True);
        Assert.That(DependencyDescriptor.TryParse(bytes.AsSpan(0, length), null, out var read), Is.True);
        Assert.That(read!.Frame.FrameDistances, Is.EqualTo(new[] { 2, 300, 4096 }));
        Assert.That(read.Frame.ChainDistances, Is.EqualTo(new[] { 200 }));
        Assert.That((read.ActiveDecodeTargets, read.FrameNumber, read.IsStartOfFrame, read.IsEndOfFrame, read.Resolution), Is.EqualTo((1u, (ushort)0xFFFF, true, false, ((int, int)?)(640, 360))));
        Assert.That(read.TemplateId, Is.EqualTo(63));
    }

    private static string Describe(VideoLayerAllocation layer) =>
        $"{layer.StreamIndex}/{layer.SpatialId} {string.Join(',', layer.BitratesKbps)} {layer.Width}x{layer.Height}@{layer.FrameRate}";

    private static IEnumerable<(byte[] Packet, byte[] Value)> Values(string file, byte id)
    {
        foreach (var datagram in PcapReader.Read(TestData.Path("corpus/rtp/" + file)))
        {
            if (RtpPacketView.IsRtcp(datagram.Payload) || !RtpPacketView.TryParse(datagram.Payload, out var view) || !view.TryGetExtension(id, out var value))
            {
                continue;
            }

            yield return (datagram.Payload.ToArray(), value.ToArray());
        }
    }
}
