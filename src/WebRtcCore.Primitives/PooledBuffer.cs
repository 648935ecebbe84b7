using System.Buffers;

namespace WebRtcCore.Primitives;

/// <summary>
/// Bytes rented from the shared array pool. It is <em>given</em>: whoever receives it owns it and disposes it exactly once;
/// after that its memory belongs to someone else. Not thread-safe.
/// </summary>
public sealed class PooledBuffer : IDisposable
{
    private byte[]? _array;

    private PooledBuffer(byte[] array, int length)
    {
        _array = array;
        Length = length;
    }

    /// <summary>How many bytes are in use; the rented array may be longer.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes in use.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed.</exception>
    public Span<byte> Span => Array.AsSpan(0, Length);

    /// <summary>The bytes in use.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed.</exception>
    public Memory<byte> Memory => Array.AsMemory(0, Length);

    private byte[] Array => _array ?? throw new ObjectDisposedException(nameof(PooledBuffer));

    /// <summary>Rents a buffer of <paramref name="length"/> bytes with undefined content.</summary>
    public static PooledBuffer Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length);

    /// <summary>Rents a buffer and copies <paramref name="bytes"/> into it.</summary>
    public static PooledBuffer CopyOf(ReadOnlySpan<byte> bytes)
    {
        var buffer = Rent(bytes.Length);
        bytes.CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>Shortens the part in use.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or larger than <see cref="Length"/>.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Returns the array to the pool. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_array is { } array)
        {
            _array = null;
            Length = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
