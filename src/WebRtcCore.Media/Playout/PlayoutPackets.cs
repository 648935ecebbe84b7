using System.Diagnostics.CodeAnalysis;

namespace WebRtcCore.Media.Playout;

/// <summary>The packets that wait, in the order of their numbers. In steady state nothing is allocated.</summary>
internal sealed class PlayoutPackets(int capacity)
{
    private readonly PlayoutPacket[] _sorted = new PlayoutPacket[capacity];
    private readonly Stack<PlayoutPacket> _free = new(capacity);

    public int Count { get; private set; }

    /// <summary>Samples per channel of all of them, at the rate played.</summary>
    public long Duration { get; private set; }

    public bool IsFull => Count == _sorted.Length;

    /// <summary>The packet with the lowest number.</summary>
    public bool TryPeek([NotNullWhen(true)] out PlayoutPacket? packet)
    {
        packet = Count > 0 ? _sorted[0] : null;
        return packet is not null;
    }

    /// <summary>A packet to be filled in and given to <see cref="TryAdd"/>.</summary>
    public PlayoutPacket Rent() => _free.TryPop(out var packet) ? packet : new PlayoutPacket();

    /// <summary>Adds a packet; there must be room.</summary>
    /// <returns><see langword="false"/> if its number is there already.</returns>
    public bool TryAdd(PlayoutPacket packet)
    {
        var place = Count;
        while (place > 0 && _sorted[place - 1].Number >= packet.Number)
        {
            place--;
        }

        if (place < Count && _sorted[place].Number == packet.Number)
        {
            _free.Push(packet);
            return false;
        }

        Array.Copy(_sorted, place, _sorted, place + 1, Count - place);
        _sorted[place] = packet;
        Count++;
        Duration += packet.Duration;
        return true;
    }

    /// <summary>Takes the packet with the lowest number out; its bytes stay until the next <see cref="Rent"/>.</summary>
    public void RemoveFirst()
    {
        var packet = _sorted[0];
        Count--;
        Array.Copy(_sorted, 1, _sorted, 0, Count);
        _sorted[Count] = null!;
        Duration -= packet.Duration;
        _free.Push(packet);
    }

    public void Clear()
    {
        while (Count > 0)
        {
            RemoveFirst();
        }
    }
}
