using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>The payloads of a stretch of sequence numbers, some of which may be missing. A ring that grows with the stretch.</summary>
internal sealed class PayloadWindow(int maxPackets)
{
    private const int InitialCapacity = 64;

    // A power of two at all times, so that numbers wrap around by a mask.
    private BufferedPayload?[] _ring = new BufferedPayload?[InitialCapacity];

    /// <summary>The first number of the stretch; everything before is done.</summary>
    public long First { get; private set; }

    /// <summary>The number behind the last one received; <see cref="First"/> when empty.</summary>
    public long End { get; private set; }

    /// <summary>How many bytes of payload are kept.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether nothing is kept.</summary>
    public bool IsEmpty => First == End;

    /// <summary>Whether <paramref name="number"/> can be added without giving up something.</summary>
    public bool HasRoomFor(long number) => number - First < maxPackets;

    /// <summary>Starts anew at a number.</summary>
    public void Reset(long first)
    {
        while (!IsEmpty)
        {
            RemoveFirst();
        }

        First = first;
        End = first;
    }

    /// <summary>Finds a packet.</summary>
    public bool TryGet(long number, out BufferedPayload payload)
    {
        var found = number >= First && number < End ? _ring[number & (_ring.Length - 1)] : null;
        payload = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>Keeps a copy of a packet for which there is room.</summary>
    /// <returns><see langword="false"/> if it is there already.</returns>
    public bool TryAdd(long number, RtpPacketView packet, bool isFiller, Instant arrived, byte[]? descriptor)
    {
        while (number - First >= _ring.Length)
        {
            Grow();
        }

        if (TryGet(number, out _))
        {
            return false;
        }

        byte[]? copy = null;
        var length = 0;
        if (!isFiller)
        {
            length = packet.Payload.Length;
            copy = ArrayPool<byte>.Shared.Rent(length);
            packet.Payload.CopyTo(copy);
        }

        _ring[number & (_ring.Length - 1)] = new BufferedPayload(copy, length, packet.TimestampTicks, packet.PayloadType, packet.Marker, arrived, descriptor);
        Bytes += length;
        End = Math.Max(End, number + 1);
        return true;
    }

    /// <summary>Moves the start one number on; the packet there, if any, is let go.</summary>
    public void RemoveFirst()
    {
        ref var slot = ref _ring[First & (_ring.Length - 1)];
        if (slot is { } payload)
        {
            Bytes -= payload.Length;
            if (payload.Bytes is not null)
            {
                ArrayPool<byte>.Shared.Return(payload.Bytes);
            }

            slot = null;
        }

        First++;
    }

    private void Grow()
    {
        var ring = new BufferedPayload?[_ring.Length * 2];
        for (var number = First; number < End; number++)
        {
            ring[number & (ring.Length - 1)] = _ring[number & (_ring.Length - 1)];
        }

        _ring = ring;
    }
}
