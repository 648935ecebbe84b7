namespace WebRtcCore.Media.Tests;

/// <summary>A stream that cannot seek, and reads and writes in small pieces, as a network's would.</summary>
internal sealed class ForwardOnlyStream(byte[] content) : Stream
{
    private const int PieceLength = 7;
    private readonly MemoryStream _written = new();
    private int _position;

    public ForwardOnlyStream()
        : this([])
    {
    }

    public byte[] Written => _written.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var length = Math.Min(Math.Min(count, PieceLength), content.Length - _position);
        content.AsSpan(_position, length).CopyTo(buffer.AsSpan(offset));
        _position += length;
        return length;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);
}
