namespace WebRtcCore.Rtp.Rtcp;

/// <summary>The report blocks of a sender or receiver report, for <see langword="foreach"/>. Borrows the datagram.</summary>
public readonly ref struct ReportBlocks
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ReportBlocks(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many there are, 0 to 31.</summary>
    public int Count => _bytes.Length / ReportBlock.EncodedLength;

    /// <summary>One of them.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReportBlock this[int index] => ReportBlock.Read(_bytes.Slice(index * ReportBlock.EncodedLength, ReportBlock.EncodedLength));

    /// <summary>Starts at the first block.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Takes <paramref name="count"/> blocks off the rest of a report.</summary>
    internal static bool TryTake(ReadOnlySpan<byte> bytes, int count, out ReportBlocks blocks)
    {
        var length = count * ReportBlock.EncodedLength;
        if (length > bytes.Length)
        {
            blocks = default;
            return false;
        }

        blocks = new ReportBlocks(bytes[..length]);
        return true;
    }

    /// <summary>Walks over the blocks.</summary>
    public ref struct Enumerator
    {
        private readonly ReportBlocks _blocks;
        private int _index;

        internal Enumerator(ReportBlocks blocks)
        {
            _blocks = blocks;
            _index = -1;
        }

        /// <summary>The block that the last <see cref="MoveNext"/> came to.</summary>
        public readonly ReportBlock Current => _blocks[_index];

        /// <summary>Goes to the next block.</summary>
        public bool MoveNext() => ++_index < _blocks.Count;
    }
}
