using System.Runtime.CompilerServices;

namespace WebRtcCore.Media.Ogg;

/// <summary>Reads the Opus packets of an Ogg file (RFC 7845). Other logical streams are passed over. One call at a time; the stream stays the caller's.</summary>
public sealed class OggOpusReader
{
    private readonly OggPacketReader _packets;

    private OggOpusReader(OggPacketReader packets, OpusHead head)
    {
        _packets = packets;
        Head = head;
    }

    /// <summary>What the file says of its sound.</summary>
    public OpusHead Head { get; }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="InvalidDataException">It is no Ogg file, or one without mono or stereo Opus at its beginning.</exception>
    public static async Task<OggOpusReader> OpenAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var packets = new OggPacketReader(stream);
        var first = await packets.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (first is null || !OpusHead.TryRead(first, out var head))
        {
            throw new InvalidDataException("This is no Ogg file with mono or stereo Opus.");
        }

        var tags = await packets.ReadAsync(cancellationToken).ConfigureAwait(false);
        return tags.AsSpan().StartsWith("OpusTags"u8) ? new OggOpusReader(packets, head) : throw new InvalidDataException("The second header is missing.");
    }

    /// <summary>The packets from here on, each the receiver's own. What is no Opus packet is left out.</summary>
    /// <exception cref="InvalidDataException">A page is damaged.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPacketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _packets.ReadAsync(cancellationToken).ConfigureAwait(false) is { } packet)
        {
            if (OpusPacket.TryGetSamples(packet, out _))
            {
                yield return packet;
            }
        }
    }
}
