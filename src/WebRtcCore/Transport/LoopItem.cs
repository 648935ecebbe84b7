using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>One entry of a loop's inbox: a command, or a copied datagram in a rented array.</summary>
internal readonly struct LoopItem
{
    private readonly object _content;
    private readonly int _length;
    private readonly NetworkPath _path;

    /// <summary>Wraps a command.</summary>
    public LoopItem(ILoopCommand command) => _content = command;

    /// <summary>Copies a datagram.</summary>
    public LoopItem(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        var array = ArrayPool<byte>.Shared.Rent(Math.Max(1, datagram.Length));
        datagram.CopyTo(array);
        _content = array;
        _length = datagram.Length;
        _path = path;
    }

    /// <summary>Whether this is a datagram.</summary>
    public bool IsDatagram => _content is byte[];

    /// <summary>Does what the item is for.</summary>
    public void Execute(IConnectionLoopHandler handler, Instant now)
    {
        if (_content is byte[] array)
        {
            handler.OnDatagram(array.AsSpan(0, _length), _path, now);
        }
        else
        {
            ((ILoopCommand)_content).Execute(now);
        }
    }

    /// <summary>Returns the array, whatever became of the datagram.</summary>
    public void Release()
    {
        if (_content is byte[] array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    /// <summary>Gives the item up.</summary>
    public void Abandon()
    {
        Release();
        (_content as ILoopCommand)?.Abandon();
    }
}
