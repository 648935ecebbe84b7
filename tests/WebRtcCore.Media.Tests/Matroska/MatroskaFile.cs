using System.Buffers.Binary;
using System.Text;

namespace WebRtcCore.Media.Tests.Matroska;

/// <summary>A plain reader of what the writer makes: elements, tracks, blocks, cues.</summary>
internal sealed class MatroskaFile
{
    private readonly byte[] _bytes;
    private int _segmentStart;

    private MatroskaFile(byte[] bytes) => _bytes = bytes;

    public string DocType { get; private set; } = "";

    public double? Duration { get; private set; }

    public bool IsSegmentLengthKnown { get; private set; }

    public List<int> Tracks { get; } = [];

    public List<(int Track, long Time, bool IsKeyFrame, int Length)> Blocks { get; } = [];

    public List<(long Time, long ClusterTime)> Cues { get; } = [];

    /// <summary>The ids of the elements at the places that the index names; each was checked to be the one it promises.</summary>
    public List<uint> SeekTargets { get; } = [];

    public static MatroskaFile Read(byte[] bytes)
    {
        var file = new MatroskaFile(bytes);
        file.Walk(0, bytes.Length);
        return file;
    }

    private void Walk(int start, int end)
    {
        var clusterTime = 0L;
        for (var position = start; position < end;)
        {
            var (id, valueStart, length) = ReadHead(position, end);
            var value = _bytes.AsSpan(valueStart, length);
            switch (id)
            {
                case 0x18538067:
                    _segmentStart = valueStart;
                    IsSegmentLengthKnown = !_bytes.AsSpan(position + 5, 7).SequenceEqual<byte>([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
                    Walk(valueStart, valueStart + length);
                    break;
                case 0x1A45DFA3 or 0x1549A966 or 0x1654AE6B or 0xAE or 0x1F43B675 or 0x114D9B74 or 0x1C53BB6B:
                    Walk(valueStart, valueStart + length);
                    break;
                case 0x4282:
                    DocType = Encoding.ASCII.GetString(value);
                    break;
                case 0x4489:
                    Duration = BinaryPrimitives.ReadDoubleBigEndian(value);
                    break;
                case 0xD7:
                    Tracks.Add((int)ReadUnsigned(value));
                    break;
                case 0xE7:
                    clusterTime = ReadUnsigned(value);
                    break;
                case 0xA3:
                    Blocks.Add((value[0] & 0x7F, clusterTime + BinaryPrimitives.ReadInt16BigEndian(value[1..]), (value[3] & 0x80) != 0, length - 4));
                    break;
                case 0x4DBB:
                    CheckSeek(valueStart, valueStart + length);
                    break;
                case 0xBB:
                    ReadCue(valueStart, valueStart + length);
                    break;
            }

            position = valueStart + length;
        }
    }

    private void CheckSeek(int start, int end)
    {
        var (_, idStart, idLength) = ReadHead(start, end);
        var (_, positionStart, positionLength) = ReadHead(idStart + idLength, end);
        var promised = (uint)ReadUnsigned(_bytes.AsSpan(idStart, idLength));
        var (found, _, _) = ReadHead(_segmentStart + (int)ReadUnsigned(_bytes.AsSpan(positionStart, positionLength)), _bytes.Length);
        Assert.That(found, Is.EqualTo(promised));
        SeekTargets.Add(found);
    }

    private void ReadCue(int start, int end)
    {
        var (_, timeStart, timeLength) = ReadHead(start, end);
        var (_, positionsStart, positionsLength) = ReadHead(timeStart + timeLength, end);
        var (_, trackStart, trackLength) = ReadHead(positionsStart, positionsStart + positionsLength);
        var (_, clusterStart, clusterLength) = ReadHead(trackStart + trackLength, positionsStart + positionsLength);
        var (cluster, valueStart, _) = ReadHead(_segmentStart + (int)ReadUnsigned(_bytes.AsSpan(clusterStart, clusterLength)), _bytes.Length);
        Assert.That(cluster, Is.EqualTo(0x1F43B675u));
        var (_, clusterTimeStart, clusterTimeLength) = ReadHead(valueStart, _bytes.Length);
        Cues.Add((ReadUnsigned(_bytes.AsSpan(timeStart, timeLength)), ReadUnsigned(_bytes.AsSpan(clusterTimeStart, clusterTimeLength))));
    }

    private (uint Id, int ValueStart, int Length) ReadHead(int position, int end)
    {
        var idLength = System.Numerics.BitOperations.LeadingZeroCount((uint)_bytes[position]) - 24 + 1;
        var id = (uint)ReadUnsigned(_bytes.AsSpan(position, idLength));
        position += idLength;
        var sizeLength = System.Numerics.BitOperations.LeadingZeroCount((uint)_bytes[position]) - 24 + 1;
        var size = ReadUnsigned(_bytes.AsSpan(position, sizeLength)) & ((1L << (7 * sizeLength)) - 1);
        var isUnknown = size == (1L << (7 * sizeLength)) - 1;
        position += sizeLength;
        Assert.That(isUnknown || size <= end - position, Is.True, $"element {id:X} at {position} reaches beyond its parent");
        return (id, position, isUnknown ? end - position : (int)size);
    }

    private static long ReadUnsigned(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        foreach (var b in bytes)
        {
            value = (value << 8) | b;
        }

        return value;
    }
}
