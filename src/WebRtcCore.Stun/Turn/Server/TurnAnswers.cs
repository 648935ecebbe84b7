using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The answers that wait to be sent. Bounded: a flood of requests loses answers, which clients ask for again.</summary>
internal sealed class TurnAnswers
{
    /// <summary>Room for any answer.</summary>
    public const int MaxLength = 1200;

    private const int MaxWaiting = 1024;
    private readonly Queue<(byte[] Bytes, int Length, NetworkPath Path)> _waiting = new();

    /// <summary>Room to write an answer in.</summary>
    public byte[] Scratch { get; } = new byte[MaxLength];

    /// <summary>Queues a copy of what was written.</summary>
    public void Add(ReadOnlySpan<byte> answer, in NetworkPath path)
    {
        if (_waiting.Count < MaxWaiting)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(answer.Length);
            answer.CopyTo(bytes);
            _waiting.Enqueue((bytes, answer.Length, path));
        }
    }

    public bool TryTake(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!_waiting.TryDequeue(out var next))
        {
            return false;
        }

        next.Bytes.AsSpan(0, next.Length).CopyTo(destination);
        ArrayPool<byte>.Shared.Return(next.Bytes);
        transmit = new Transmit(next.Length, next.Path);
        return true;
    }
}
