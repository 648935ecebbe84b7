using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Control;

/// <summary>Rare chunks waiting for a packet. Bounded: what a peer can provoke is dropped when too much of it waits.</summary>
internal sealed class ControlQueue
{
    private const int MaxWaiting = 16;
    private readonly Queue<byte[]> _bundled = new();
    private readonly Queue<(uint Tag, InitChunk? Init, byte[]? Encoded)> _alone = new();

    /// <summary>Whether a chunk waits that shares its packet.</summary>
    public bool HasBundled => _bundled.Count > 0;

    /// <summary>Queues an encoded chunk of the association.</summary>
    public void Add(byte[] chunk)
    {
        if (_bundled.Count < MaxWaiting)
        {
            _bundled.Enqueue(chunk);
        }
    }

    /// <summary>Queues an INIT or INIT ACK, which travels alone, with a tag of its own.</summary>
    public void AddAlone(uint tag, InitChunk init)
    {
        if (_alone.Count < MaxWaiting)
        {
            _alone.Enqueue((tag, init, null));
        }
    }

    /// <summary>Queues an encoded chunk that travels alone, with a tag of its own.</summary>
    public void AddAlone(uint tag, byte[] chunk)
    {
        if (_alone.Count < MaxWaiting)
        {
            _alone.Enqueue((tag, null, chunk));
        }
    }

    /// <summary>Writes the next packet of a chunk that travels alone.</summary>
    public bool TryWriteAlone(Span<byte> destination, ushort localPort, ushort remotePort, out int length)
    {
        length = 0;
        while (_alone.TryDequeue(out var next))
        {
            var packet = new PacketWriter(destination, new CommonHeader(localPort, remotePort, next.Tag));
            var chunkLength = next.Init is { } described ? ChunkView.HeaderLength + described.ValueLength : next.Encoded!.Length;
            if (Padding.RoundUp(chunkLength) > packet.Remaining)
            {
                // An ABORT with a reason of any length: it fits no packet.
                continue;
            }

            if (next.Init is { } init)
            {
                init.Write(ref packet);
            }
            else
            {
                packet.AddEncoded(next.Encoded);
            }

            length = packet.Complete();
            return true;
        }

        return false;
    }

    /// <summary>Adds the waiting chunks that fit.</summary>
    public void Write(ref PacketWriter packet)
    {
        while (_bundled.TryPeek(out var chunk))
        {
            if (Padding.RoundUp(chunk.Length) > packet.Remaining)
            {
                if (!packet.IsEmpty)
                {
                    return;
                }

                // It fits no packet at all: an answer to something larger than what is sent here.
                _bundled.Dequeue();
                continue;
            }

            packet.AddEncoded(_bundled.Dequeue());
        }
    }

    /// <summary>Forgets the chunks of the association; what travels alone still does.</summary>
    public void ClearBundled() => _bundled.Clear();
}
